package report

// collected keeps a stream until its end, for formats that begin with a sum or say things in another order.
type collected struct {
	start     Start
	crossings []*Crossing
	tokens    map[string]*Token // by id
	order     []*Token          // in the order of the stream
	units     map[string]*Unit  // by id
	gaps      []*Gap
	errors    []*Error
	summary   *Summary
}

// take keeps a message and reports whether it was the last one.
func (c *collected) take(m Message) bool {
	switch {
	case m.Start != nil:
		c.start = *m.Start
		c.tokens, c.units = map[string]*Token{}, map[string]*Unit{}
	case m.Crossing != nil:
		c.crossings = append(c.crossings, m.Crossing)
	case m.Token != nil:
		c.tokens[m.Token.ID] = m.Token
		c.order = append(c.order, m.Token)
	case m.Unit != nil:
		c.units[m.Unit.ID] = m.Unit
	case m.Gap != nil:
		c.gaps = append(c.gaps, m.Gap)
	case m.Error != nil:
		c.errors = append(c.errors, m.Error)
	}
	c.summary = m.Summary
	return m.Summary != nil
}

// alone returns the tokens that are in no crossing.
func (c *collected) alone() []*Token {
	crossed := map[string]bool{}
	for _, x := range c.crossings {
		crossed[x.Token] = true
	}
	var alone []*Token
	for _, t := range c.order {
		if !crossed[t.ID] {
			alone = append(alone, t)
		}
	}
	return alone
}
