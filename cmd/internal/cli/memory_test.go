package cli

import (
	"runtime"
	"sync/atomic"
	"testing"
)

func TestPercent(t *testing.T) {
	const mega = 1 << 20
	p := pace{wanted: 100 * mega, least: 25}
	for _, test := range []struct{ live, want int }{
		{0, usual}, {4 * mega, 700}, {40 * mega, usual}, {50 * mega, usual}, {90 * mega, 25}, {beyond, 25}, {beyond + 1, usual}, {1 << 40, usual},
	} {
		if got := p.percent(test.live); got != test.want {
			t.Errorf("%d MB live: %d percent, want %d", test.live/mega, got, test.want)
		}
	}
	for live := mega; live < beyond; live += mega {
		if got := p.percent(live); got > p.least && live+live*got/100 > p.wanted {
			t.Errorf("%d MB live grow by %d percent", live/mega, got)
		}
	}
}

func TestAfterCollection(t *testing.T) {
	var calls atomic.Int32
	afterCollection(func() { calls.Add(1) })
	for calls.Load() < 3 { // what is called gets ready for the next collection only then
		runtime.GC()
		runtime.Gosched()
	}
}
