package picture

import (
	"cmp"
	"math"
	"slices"
)

// A graph of who gets what is drawn in columns, so that all that is gained stands to the right of who gains it: units on the left, tokens on
// the right, what tokens open behind them. It is what Sugiyama, Tagawa and Toda describe (Methods for visual understanding of hierarchical
// system structures, 1981): choose columns, order each, place each. Every step is deterministic, and none takes longer than the size of the
// graph times the number of columns, but for sorting.

// box is a node or, with a height of none, a bend of a line that passes through a column.
type box struct {
	width, height float64
	column        int
	x, y          float64 // of the left end, in the middle
	before, after []int   // boxes in the columns next to it
}

// columns places boxes. The first of them are the graph's nodes; bends follow.
type columns struct {
	boxes         []*box
	ways          [][]int // by edge, the boxes that it passes, from the left to the right
	turned        []bool  // by edge: it leads to the left
	list          [][]int // by column, boxes from above
	width, height float64
}

const (
	gapBetween = 14.0  // boxes of one column
	gapColumns = 110.0 // columns; the words on lines stand here
	margin     = 20.0
	maxBends   = 20000 // of all lines; if there were more, they are drawn straight
)

// arrange places nodes of some sizes and edges, pairs of nodes. Nodes for which last is true stand in the last column, and behind it what they
// lead to.
func arrange(sizes [][2]float64, edges [][2]int, last func(node int) bool) *columns {
	c := &columns{turned: make([]bool, len(edges))}
	for _, s := range sizes {
		c.boxes = append(c.boxes, &box{width: s[0], height: s[1]})
	}
	c.choose(edges, last)
	c.bend(edges)
	c.order()
	c.place()
	return c
}

// choose chooses the nodes' columns: each stands behind all that lead to it. An edge that would close a circle is turned.
func (c *columns) choose(edges [][2]int, last func(int) bool) {
	out := make([][]int, len(c.boxes)) // edges
	entries := make([]bool, len(c.boxes))
	for i := range entries {
		entries[i] = true
	}
	for i, e := range edges {
		out[e[0]] = append(out[e[0]], i)
		entries[e[1]] = false
	}
	const unseen, open, done = 0, 1, 2
	state := make([]int, len(c.boxes))
	var order []int // each node after all that it leads to
	visit := func(start int) {
		type frame struct{ node, next int }
		stack := []frame{{start, 0}}
		state[start] = open
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.next == len(out[top.node]) {
				state[top.node] = done
				order = append(order, top.node)
				stack = stack[:len(stack)-1]
				continue
			}
			i := out[top.node][top.next]
			top.next++
			switch to := edges[i][1]; state[to] {
			case unseen:
				state[to] = open
				stack = append(stack, frame{to, 0})
			case open:
				c.turned[i] = true
			}
		}
	}
	for _, entry := range []bool{true, false} {
		for i := range c.boxes {
			if entries[i] == entry && state[i] == unseen {
				visit(i)
			}
		}
	}
	most := 0
	step := func(from int) {
		for _, i := range out[from] {
			if to := edges[i][1]; !c.turned[i] {
				c.boxes[to].column = max(c.boxes[to].column, c.boxes[from].column+1)
			}
		}
	}
	for _, node := range slices.Backward(order) {
		step(node)
	}
	for i, b := range c.boxes {
		if len(out[i]) > 0 || last(i) {
			most = max(most, b.column)
		}
	}
	for _, node := range slices.Backward(order) {
		if last(node) {
			c.boxes[node].column = max(c.boxes[node].column, most)
		}
		step(node)
	}
	for i := range c.turned {
		from, to := edges[i][0], edges[i][1]
		c.turned[i] = c.boxes[from].column > c.boxes[to].column
	}
}

// bend gives every edge a bend in each column that it passes.
func (c *columns) bend(edges [][2]int) {
	bends := 0
	for _, e := range edges {
		bends += max(0, abs(c.boxes[e[0]].column-c.boxes[e[1]].column)-1)
	}
	for i, e := range edges {
		from, to := e[0], e[1]
		if c.turned[i] {
			from, to = to, from
		}
		way := []int{from}
		for column := c.boxes[from].column + 1; column < c.boxes[to].column && bends <= maxBends; column++ {
			c.boxes = append(c.boxes, &box{column: column})
			way = append(way, len(c.boxes)-1)
		}
		way = append(way, to)
		for j := range way[1:] {
			a, b := c.boxes[way[j]], c.boxes[way[j+1]]
			if b.column != a.column+1 {
				continue // straight
			}
			a.after, b.before = append(a.after, way[j+1]), append(b.before, way[j])
		}
		c.ways = append(c.ways, way)
	}
	for i, b := range c.boxes {
		for len(c.list) <= b.column {
			c.list = append(c.list, nil)
		}
		c.list[b.column] = append(c.list[b.column], i)
	}
}

func abs(n int) int { return max(n, -n) }

// order orders each column by where in the next one its boxes have their neighbours in the middle, there and back again.
func (c *columns) order() {
	const rounds = 12
	rank := make([]float64, len(c.boxes))
	number := func(column []int) {
		for i, b := range column {
			rank[b] = float64(i)
		}
	}
	for _, column := range c.list {
		number(column)
	}
	sort := func(column []int, neighbours func(*box) []int) {
		middle := map[int]float64{}
		for _, b := range column {
			middle[b] = rank[b]
			if of := neighbours(c.boxes[b]); len(of) > 0 {
				sum := 0.0
				for _, n := range of {
					sum += rank[n]
				}
				middle[b] = sum / float64(len(of))
			}
		}
		slices.SortStableFunc(column, func(a, b int) int { return cmp.Compare(middle[a], middle[b]) })
		number(column)
	}
	for round := range rounds {
		if round%2 == 0 {
			for _, column := range c.list {
				sort(column, func(b *box) []int { return b.before })
			}
			continue
		}
		for _, column := range slices.Backward(c.list) {
			sort(column, func(b *box) []int { return b.after })
		}
	}
}

// place gives every box its place, as near to its neighbours as the order of its column allows.
func (c *columns) place() {
	const rounds = 8
	x := margin
	for _, column := range c.list {
		widest := 0.0
		for _, b := range column {
			widest = max(widest, c.boxes[b].width)
		}
		for _, b := range column {
			c.boxes[b].x = x
			if c.boxes[b].height == 0 {
				c.boxes[b].width = widest // a line passes straight through
			}
		}
		x += widest + gapColumns
	}
	c.width = x - gapColumns + margin
	for _, column := range c.list {
		c.settle(column, func(*box) []int { return nil })
	}
	for round := range rounds {
		if round%2 == 0 {
			for _, column := range c.list {
				c.settle(column, func(b *box) []int { return b.before })
			}
			continue
		}
		for _, column := range slices.Backward(c.list) {
			c.settle(column, func(b *box) []int { return b.after })
		}
	}
	top, bottom := math.Inf(1), math.Inf(-1)
	for _, b := range c.boxes {
		top, bottom = min(top, b.y-b.height/2), max(bottom, b.y+b.height/2)
	}
	if len(c.boxes) == 0 {
		top, bottom = 0, 0
	}
	for _, b := range c.boxes {
		b.y += margin - top
	}
	c.height = bottom - top + 2*margin
}

// settle moves the boxes of a column to where the sum of the squares of the distances from the middle of each one's neighbours is least, while
// none comes too near to the one above. Boxes that press on each other move as one block, to the mean of where they would be.
func (c *columns) settle(column []int, neighbours func(*box) []int) {
	type block struct{ from, count, mean float64 }
	var blocks []block
	offsets := make([]float64, len(column)) // of a box from the first, if all stand as near as they can
	for i, n := range column {
		b := c.boxes[n]
		if i > 0 {
			above := c.boxes[column[i-1]]
			offsets[i] = offsets[i-1] + (above.height+b.height)/2 + gapBetween
		}
		wish := b.y
		if of := neighbours(b); len(of) > 0 {
			wish = 0
			for _, o := range of {
				wish += c.boxes[o].y
			}
			wish /= float64(len(of))
		}
		blocks = append(blocks, block{float64(i), 1, wish - offsets[i]})
		for k := len(blocks) - 1; k > 0 && blocks[k-1].mean > blocks[k].mean; k-- {
			a, b := blocks[k-1], blocks[k]
			blocks = append(blocks[:k-1], block{a.from, a.count + b.count, (a.mean*a.count + b.mean*b.count) / (a.count + b.count)})
		}
	}
	for _, k := range blocks {
		for i := int(k.from); i < int(k.from+k.count); i++ {
			c.boxes[column[i]].y = k.mean + offsets[i]
		}
	}
}
