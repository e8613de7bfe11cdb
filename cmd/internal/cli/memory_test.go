package cli

import (
	"runtime"
	"sync/atomic"
	"testing"
)

func TestPercent(t *testing.T) {
	const mega = 1 << 20
	p := pace{wanted: 100 * mega, least: 25}
	for _, test := range []struct{ live, most, want int }{
		{0, 0, usual}, {4 * mega, 0, 700}, {40 * mega, 0, usual}, {50 * mega, 0, usual}, {90 * mega, 0, 25}, {beyond, 0, 25}, {beyond + 1, 0, large},
		{1 << 40, 0, large}, {1 << 40, 300 * mega, large}, {4 * mega, 300 * mega, atFirst}, {60 * mega, 300 * mega, 400}, {200 * mega, 600 * mega, 200},
	} {
		if got := p.percent(test.live, test.most); got != test.want {
			t.Errorf("%d MB live of %d: %d percent, want %d", test.live/mega, test.most/mega, got, test.want)
		}
	}
	for live := mega; live < beyond; live += mega {
		if got := p.percent(live, 0); got > p.least && live+live*got/100 > p.wanted {
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
