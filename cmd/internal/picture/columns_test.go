package picture

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestArrange: whatever leads to what, no two boxes overlap, every line leads to the right or is known to be turned, tokens stand behind what
// leads to them, and the same graph is drawn in the same way.
func TestArrange(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n := r.IntN(20)
		sizes, edges := make([][2]float64, n), [][2]int{}
		for i := range sizes {
			sizes[i] = [2]float64{20 + float64(r.IntN(200)), 20 + float64(r.IntN(2))*15}
		}
		for range r.IntN(40) {
			if n > 0 {
				edges = append(edges, [2]int{r.IntN(n), r.IntN(n)})
			}
		}
		last := func(node int) bool { return node%5 == 4 }
		c := arrange(sizes, edges, last)
		if !reflect.DeepEqual(c, arrange(sizes, edges, last)) {
			t.Fatal("the same graph is drawn in another way")
		}
		for i, a := range c.boxes[:n] {
			if a.x < 0 || a.y-a.height/2 < 0 || a.x+a.width > c.width || a.y+a.height/2 > c.height {
				t.Errorf("box %d stands outside", i)
			}
			for _, b := range c.boxes[:i] {
				if a.x < b.x+b.width && b.x < a.x+a.width && max(a.y, b.y)-min(a.y, b.y) < (a.height+b.height)/2 {
					t.Errorf("boxes overlap: %v %v", *a, *b)
				}
			}
		}
		for i, e := range edges {
			from, to := c.boxes[e[0]], c.boxes[e[1]]
			if e[0] != e[1] && (c.turned[i] != (from.column > to.column) || from.column == to.column) {
				t.Errorf("line %v leads from column %d to %d, turned: %v", e, from.column, to.column, c.turned[i])
			}
		}
	}
}
