package cache

import (
	"crypto/sha256"
	"fmt"
	"reflect"
)

// A plan says how values of a type are written: which fields a struct has, and what shares memory.
//
// Idea: values of facts are mostly zero, and the same few texts stand in them over and over. So a struct is written as bits that say which of
// its fields are not zero, and these; numbers take as many bytes as they need; and a text is a number in a table that stands before. What
// several parts of a value point to, or several slices lie in, is written once, so that a value that shares does not grow.
//
// The plan is made of the type, by reflection, so that types change without anybody thinking of the cache. Its fingerprint is part of the
// settings that a file of the cache belongs to.
type plan struct {
	kind   reflect.Kind
	typ    reflect.Type
	elem   *plan   // of a pointer or slice
	fields []*plan // of a struct
	shared bool    // it is a pointer to a type, or a slice of one, that can hold itself
	plain  bool    // it is a struct that can be compared at once
	number int     // among the plans of a codec
}

// mask returns how many bytes say which fields of a struct are not zero.
func (p *plan) mask() int { return (len(p.fields) + 7) / 8 }

// planner makes plans, one for each type.
type planner struct {
	plans map[reflect.Type]*plan
	list  []*plan
}

func (p *planner) plan(t reflect.Type) (*plan, error) {
	if made, ok := p.plans[t]; ok {
		return made, nil
	}
	made := &plan{kind: t.Kind(), typ: t, number: len(p.list)}
	p.plans[t] = made
	p.list = append(p.list, made)
	var err error
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
	case reflect.Pointer, reflect.Slice:
		if made.elem, err = p.plan(t.Elem()); err != nil {
			return nil, err
		}
		if k := made.elem.kind; made.kind == reflect.Pointer && (k == reflect.Pointer || k == reflect.Slice) {
			return nil, fmt.Errorf("%s cannot be kept", t)
		}
	case reflect.Struct:
		made.plain = t.Comparable()
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() {
				return nil, fmt.Errorf("%s has a field %s that cannot be kept", t, f.Name)
			}
			field, err := p.plan(f.Type)
			if err != nil {
				return nil, err
			}
			made.fields = append(made.fields, field)
		}
	default:
		return nil, fmt.Errorf("%s cannot be kept", t)
	}
	return made, nil
}

// share notes what can hold itself.
func (p *planner) share() {
	for _, made := range p.list {
		if made.elem != nil {
			made.shared = made.elem.holds(made.elem, map[*plan]bool{})
		}
	}
}

// holds reports whether a value of the plan can hold one of the other, itself left out.
func (p *plan) holds(other *plan, seen map[*plan]bool) bool {
	if seen[p] {
		return false
	}
	seen[p] = true
	inner := p.fields
	if p.elem != nil {
		inner = []*plan{p.elem}
	}
	for _, in := range inner {
		if in == other || in.holds(other, seen) {
			return true
		}
	}
	return false
}

// fingerprint identifies the types, with their fields.
func (p *planner) fingerprint() (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, made := range p.list {
		fmt.Fprintln(h, made.number, made.kind, made.typ, made.shared)
		for i, f := range made.fields {
			fmt.Fprintln(h, "\t", made.typ.Field(i).Name, f.number)
		}
		if made.elem != nil {
			fmt.Fprintln(h, "\t", made.elem.number)
		}
	}
	h.Sum(sum[:0])
	return sum
}
