package reach

import (
	"fmt"
	"testing"

	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// TestRoutes: routes into one function go together if one is the end of the other, and do not grow without end.
func TestRoutes(t *testing.T) {
	var all []*function
	for i := range 2 * maxRoute {
		all = append(all, &function{Func: &summary.Func{ID: fmt.Sprint("f", i)}})
	}
	from := func(i, to int) hop { return hop{in: all[i], to: all[to], says: "calls"} }
	var none *route
	short := none.through(from(1, 2))
	long := none.through(from(0, 1)).through(from(1, 2))
	other := none.through(from(3, 2))
	if again := none.through(from(0, 1)).through(from(1, 2)); again != long {
		t.Error("one route is two")
	}
	if r, ok := joined(short, long); !ok || r != long {
		t.Error("a route does not go with its end")
	}
	if r, ok := joined(long, nil); !ok || r != long {
		t.Error("a route does not go with what is the function's own")
	}
	if _, ok := joined(long, other); ok {
		t.Error("two callers are one")
	}
	if r := none.through(from(0, 1)).along(short); r != long {
		t.Errorf("the way on is %q", r.id())
	}
	r := none
	for i := range len(all) - 1 {
		r = r.through(from(i, i+1))
	}
	if r.length != maxRoute || r.hop.to != all[len(all)-1] {
		t.Errorf("%d hops", r.length)
	}
}
