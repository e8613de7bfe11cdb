package python

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// elements is one of the elements of a list or a tuple.
func (s *source) elements(i, depth int) value {
	var all []value
	for j := i + 1; j < s.partner[i] && s.room(len(all), maxParts); j = s.past(j) + 1 {
		v, next := s.expression(j, depth+1)
		all = append(all, v)
		if s.is(next, "for") { // a comprehension
			break
		}
	}
	return either(all...)
}

// member is one entry of a dictionary, or one keyword of a call.
type member struct {
	key    string // empty if it is computed
	token  int
	value  int
	spread bool
}

// dictionary is what members finds: it is asked for again with each key that is looked up.
type dictionary struct {
	all     []member
	last    map[string]int // of the entries with a key, the last
	spreads bool
}

// members returns the entries of the dictionary or of the call whose bracket is at i.
func (s *source) members(bracket int) []member { return s.dictionary(bracket).all }

func (s *source) dictionary(bracket int) *dictionary {
	d := s.dictionaries[bracket]
	if d == nil {
		if s.dictionaries == nil {
			s.dictionaries = map[int]*dictionary{}
		}
		d = &dictionary{all: s.listed(bracket), last: map[string]int{}}
		for i, m := range d.all {
			d.spreads = d.spreads || m.spread
			if m.key != "" && !m.spread {
				d.last[m.key] = i
			}
		}
		s.dictionaries[bracket] = d
	}
	return d
}

func (s *source) listed(bracket int) []member {
	var all []member
	for j := bracket + 1; j < s.partner[bracket]; j++ {
		switch {
		case s.is(j, "**"):
			all = append(all, member{token: j, value: j + 1, spread: true})
		case s.is(bracket, "("):
			if s.is(j+1, "=") {
				all = append(all, member{key: s.text(j), token: j, value: j + 2})
			}
		default:
			if colon := s.past(j); s.is(colon, ":") {
				key, _ := s.str(j)
				all = append(all, member{key: key, token: j, value: colon + 1})
			}
		}
		for j < s.partner[bracket] && !s.is(j, ",") {
			j = s.skip(j)
		}
	}
	return all
}

// membersOf returns the entries of a value that is a dictionary, or one of several: of those each key once.
func (s *source) membersOf(v value, depth int) []member {
	if v.choices == nil || depth > maxNesting {
		return s.members(v.object)
	}
	var all []member
	for _, c := range v.choices {
		if c.Value.object == 0 {
			continue
		}
		for _, m := range s.membersOf(c.Value, depth+1) {
			if !slices.ContainsFunc(all, func(o member) bool { return o.key == m.key }) {
				all = append(all, m)
			}
		}
	}
	return all
}

// memberOf returns the value of an entry of v.
func (s *source) memberOf(v value, m member) value {
	if v.choices == nil {
		return s.eval(m.value)
	}
	return s.attribute(v, m.key, 0)
}

// field returns where the value under a key begins, 0 if there is none.
func (s *source) field(bracket int, key string, depth int) int {
	if bracket == 0 || depth > maxNesting {
		return 0
	}
	d := s.dictionary(bracket)
	if !d.spreads {
		if i, ok := d.last[key]; ok {
			return d.all[i].value
		}
		return 0
	}
	for _, m := range slices.Backward(d.all) {
		if m.spread {
			if v, _ := s.expression(m.value, depth+1); v.object != 0 && v.object != bracket {
				if at := s.field(v.object, key, depth+8); at != 0 {
					return at
				}
			}
		} else if m.key == key && key != "" {
			return m.value
		}
	}
	return 0
}

// attribute returns the value of v.key, or v["key"].
func (s *source) attribute(v value, key string, depth int) value {
	switch {
	case v.choices != nil && v.client == "" && depth <= maxNesting:
		var all []value
		for _, c := range v.choices {
			all = append(all, under(c.Guards, s.attribute(c.Value, key, depth+1)))
		}
		return either(all...)
	case v.client != "":
		return value{parts: v.parts, client: v.client, library: v.library, module: v.module, object: v.object}
	case v.object != 0:
		if at := s.field(v.object, key, depth+1); at != 0 {
			inner, _ := s.expression(at, depth+1)
			return inner
		}
		return value{}
	case v.class != nil:
		return s.known(v.class.name+"."+key, v.class.from, depth+1)
	case v.module != "":
		one := value{module: propertyOf(v.module, key)}
		if v.also != "" {
			one.also = propertyOf(v.also, key)
		}
		return one
	case key == "parent" && v.folder:
		return directory(v)
	case v.folder:
		return v
	}
	if below, ok := code.Below(v.parts, key); ok {
		return value{parts: below}
	}
	return value{parts: code.Opaque(v.parts)}
}

// lookUp returns the value of v[key], the key being computed by the expression at i: each entry where the key is the entry's own.
func (s *source) lookUp(v value, i, depth int) value {
	key := s.eval(i).whole()
	if v.module != "" && v.client == "" && code.Told(key) {
		above := propertyOf(v.module, "")
		return value{parts: code.Entry(append([]analyzers.Part{{Text: above}}, key...), code.Everything(above))}
	}
	if v.object == 0 || v.client != "" || s.is(v.object, "(") {
		return value{parts: code.Opaque(s.flat(v, depth+1))}
	}
	var all []value
	for _, m := range s.members(v.object) {
		if len(all) == code.MaxChoices {
			return value{parts: code.Opaque(s.flat(v, depth+1))}
		}
		one, _ := s.expression(m.value, depth+1)
		if m.key != "" && code.Compared(key) {
			one = under(code.Comparison(s.of(i, key), false, m.key).All, one)
		}
		all = append(all, one)
	}
	return chosen(all...)
}

func propertyOf(name, key string) string {
	if strings.HasSuffix(name, "#") {
		return name + key
	}
	return name + "." + key
}

// flat returns the parts of a value and, if it is a dictionary, of all that it holds.
func (s *source) flat(v value, depth int) []analyzers.Part {
	parts := slices.Clip(v.whole())
	if depth > maxNesting {
		return parts
	}
	for _, c := range v.choices {
		if !s.room(len(parts), maxParts) || s.spent > maxSpent {
			break
		}
		parts = append(parts, code.Under(c.Guards, s.flat(c.Value, depth+8))...)
	}
	if v.object == 0 || v.choices != nil {
		return parts
	}
	for _, m := range s.members(v.object) {
		inner, _ := s.expression(m.value, depth+1)
		if s.spent > maxSpent || !s.gather(&parts, s.flat(inner, depth+8)) {
			break
		}
	}
	return parts
}
