package match

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestChain compares what words add with sums over all pairs.
func TestChain(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var c chain
	often := func() float64 {
		sum := 0.0
		for second := range c.middle {
			for third := range c.middle[second] {
				sum += c.first[second] * c.middle[second][third] * c.after[third]
			}
		}
		return sum
	}
	before := 0.0
	for range 200 {
		l := links{second: uint8(r.IntN(4)), third: uint8(r.IntN(4)), first: r.Float64(), middle: r.Float64(), after: r.Float64()}
		for _, part := range []*float64{&l.first, &l.middle, &l.after} {
			if r.IntN(3) == 0 {
				*part = 0 // the group has it
			}
		}
		added := c.added(&l)
		c.add(&l)
		now := often()
		if math.Abs(now-before-added) > 1e-9*now {
			t.Fatalf("%+v adds %g, and should %g", l, added, now-before)
		}
		before = now
	}
}
