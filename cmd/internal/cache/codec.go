package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"reflect"
)

// Codec writes and reads values of a type: structs of exported fields, slices, pointers, texts, numbers. What is read is what was written,
// to the difference between a nil slice and an empty one; pointers into slices are the exception.
type Codec[T any] struct {
	plan        *plan
	plans       int
	fingerprint [32]byte
}

// NewCodec returns a codec, and an error for a type that has something in it that cannot be kept.
func NewCodec[T any]() (*Codec[T], error) {
	p := &planner{plans: map[reflect.Type]*plan{}}
	made, err := p.plan(reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	p.share()
	return &Codec[T]{made, len(p.list), p.fingerprint()}, nil
}

// Fingerprint identifies the type, and all types in it, with their fields.
func (c *Codec[T]) Fingerprint() []byte { return c.fingerprint[:] }

const (
	deepest  = 500      // how many values may lie one in the other
	pageSize = 32 << 10 // bytes that are made at a time
)

var (
	errDeep = errors.New("too deep to be kept")
	errForm = errors.New("this is not what the cache wrote")
)

// Encoder writes values. It is for one goroutine.
type Encoder[T any] struct {
	codec *Codec[T]
	out   []byte
	e     encoder
}

// Encoder returns an encoder.
func (c *Codec[T]) Encoder() *Encoder[T] {
	e := &Encoder[T]{codec: c, e: encoder{seen: make([]map[uintptr]written, c.plans), done: make([]int, c.plans)}}
	e.e.reset()
	return e
}

// Digest returns a digest of a value and its type. The error is for one that is too deep.
func (c *Codec[T]) Digest(v *T) ([]byte, error) {
	e := &c.Encoder().e
	e.inline = true
	if e.value(c.plan, reflect.ValueOf(v).Elem()); e.err != nil {
		return nil, e.err
	}
	h := sha256.New()
	h.Write(c.fingerprint[:])
	h.Write(e.out)
	return h.Sum(nil), nil
}

// Encode writes a value, into memory that the next call uses again. The error is for one that is too deep.
func (e *Encoder[T]) Encode(v *T) ([]byte, error) {
	defer e.e.reset()
	e.e.value(e.codec.plan, reflect.ValueOf(v).Elem())
	if e.e.err != nil {
		return nil, e.e.err
	}
	e.out = binary.AppendUvarint(e.out[:0], uint64(len(e.e.list)))
	for _, text := range e.e.list {
		e.out = binary.AppendUvarint(e.out, uint64(len(text)))
	}
	for _, text := range e.e.list {
		e.out = append(e.out, text...)
	}
	e.out = append(e.out, e.e.out...)
	return e.out, nil
}

// written is something that was written and may be shared.
type written struct{ length, number int }

type encoder struct {
	out   []byte
	texts map[string]int // numbers, from 1 on
	list  []string
	seen  []map[uintptr]written // by plan, and where it lies
	done  []int                 // how many there are, by plan
	depth int
	err   error

	inline bool // texts are written where they stand: nobody reads it
}

// reset forgets what was written.
func (e *encoder) reset() {
	e.texts = emptied(e.texts)
	for i, seen := range e.seen {
		e.seen[i] = emptied(seen)
	}
	clear(e.done)
	clear(e.list)
	e.out, e.list, e.depth, e.err = e.out[:0], e.list[:0], 0, nil
}

// emptied returns an empty map: this one, unless it is so large that emptying it again and again would take longer than what it is for.
func emptied[K comparable, V any](m map[K]V) map[K]V {
	if m == nil || len(m) > 500 {
		return map[K]V{}
	}
	clear(m)
	return m
}

func (e *encoder) uint(n uint64) { e.out = binary.AppendUvarint(e.out, n) }

// value writes a value and reports whether it is not zero.
func (e *encoder) value(p *plan, v reflect.Value) bool {
	switch p.kind {
	case reflect.Bool:
		if v.Bool() {
			e.out = append(e.out, 1)
			return true
		}
		e.out = append(e.out, 0)
	case reflect.String:
		if e.inline {
			e.uint(uint64(v.Len()))
			e.out = append(e.out, v.String()...)
			return v.Len() > 0
		}
		n := e.text(v.String())
		e.uint(uint64(n))
		return n != 0
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n := v.Int()
		e.out = binary.AppendVarint(e.out, n)
		return n != 0
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n := v.Uint()
		e.uint(n)
		return n != 0
	case reflect.Float64:
		n := math.Float64bits(v.Float())
		e.uint(n)
		return n != 0
	case reflect.Struct:
		if p.plain && v.IsZero() {
			e.out = append(e.out, make([]byte, p.mask())...)
			return false
		}
		return e.fields(p, v)
	case reflect.Pointer, reflect.Slice:
		if v.IsNil() {
			e.uint(0)
			return false
		}
		e.indirect(p, v)
		return true
	}
	return false
}

func (e *encoder) text(s string) int {
	switch {
	case s == "":
		return 0
	case len(e.list) > 0 && s == e.list[0]: // that of the file's path, mostly
		return 1
	}
	n, ok := e.texts[s]
	if !ok {
		e.list = append(e.list, s)
		n = len(e.list)
		e.texts[s] = n
	}
	return n
}

// fields writes a bit for each field that is not zero, and these.
func (e *encoder) fields(p *plan, v reflect.Value) bool {
	if e.depth++; e.depth > deepest {
		e.err = errDeep
		return true
	}
	mask := len(e.out)
	e.out = append(e.out, make([]byte, p.mask())...)
	some := false
	for i, f := range p.fields {
		before := len(e.out)
		if !e.value(f, v.Field(i)) {
			e.out = e.out[:before]
			continue
		}
		if f.kind == reflect.Bool {
			e.out = e.out[:before] // the bit says it
		}
		e.out[mask+i/8] |= 1 << (i % 8)
		some = true
		if e.err != nil {
			return true
		}
	}
	e.depth--
	return some
}

// indirect writes what a pointer points to, or what a slice has: 1 and the length before something new, otherwise a number of what was
// written before.
func (e *encoder) indirect(p *plan, v reflect.Value) {
	n := 1
	if p.kind == reflect.Slice {
		n = v.Len()
	}
	at := v.Pointer()
	shared := p.shared && n > 0
	if shared {
		if w, ok := e.seen[p.number][at]; ok && w.length == n {
			e.uint(uint64(w.number) + 2)
			return
		}
	}
	e.out = append(e.out, 1)
	if p.kind == reflect.Slice {
		e.uint(uint64(n))
		for i := range n {
			e.value(p.elem, v.Index(i))
			if e.err != nil {
				return
			}
		}
	} else {
		e.value(p.elem, v.Elem())
	}
	if shared {
		e.seen[p.number][at] = written{n, e.done[p.number]}
		e.done[p.number]++
	}
}

// Decoder reads values. It is for one goroutine; the values that one decoder reads share pages of memory, and their texts share that of what
// was read.
type Decoder[T any] struct {
	codec *Codec[T]
	d     decoder
}

// Decoder returns a decoder.
func (c *Codec[T]) Decoder() *Decoder[T] {
	return &Decoder[T]{codec: c, d: decoder{pages: make([]page, c.plans), done: make([][]reflect.Value, c.plans)}}
}

// Decode reads what an encoder wrote. The error is for all that it did not write.
func (d *Decoder[T]) Decode(in string) (v T, err error) {
	defer d.d.reset()
	if err := d.d.start(in); err != nil {
		return v, err
	}
	if !d.d.value(d.codec.plan, reflect.ValueOf(&v).Elem()) || d.d.in != "" {
		var none T
		return none, errForm
	}
	return v, nil
}

// page is memory that is handed out in pieces.
type page struct {
	list reflect.Value // a slice
	used int
}

type decoder struct {
	in    string
	texts []string
	pages []page            // by plan: of what its pointers point to, or its slices have
	done  [][]reflect.Value // by plan: what was read and may be shared
	depth int
}

// reset forgets what was read, so that it lives no longer than who asked for it wants.
func (d *decoder) reset() {
	clear(d.texts)
	d.in, d.texts, d.depth = "", d.texts[:0], 0
	for i := range d.done {
		clear(d.done[i])
		d.done[i] = d.done[i][:0]
	}
}

// start reads the table of texts.
func (d *decoder) start(in string) error {
	d.in = in
	count, ok := d.uint()
	if !ok || count > uint64(len(d.in)) {
		return errForm
	}
	lengths := d.in
	for range count {
		if _, ok := d.uint(); !ok {
			return errForm
		}
	}
	rest := d.in
	d.in = lengths
	for range count {
		n, _ := d.uint()
		if n > uint64(len(rest)) {
			return errForm
		}
		d.texts = append(d.texts, rest[:n])
		rest = rest[n:]
	}
	d.in = rest
	return nil
}

func (d *decoder) uint() (uint64, bool) {
	var n uint64
	for i := 0; i < len(d.in) && i < binary.MaxVarintLen64; i++ {
		b := d.in[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			d.in = d.in[i+1:]
			return n, true
		}
	}
	return 0, false
}

// value reads a value into one that is zero, and reports whether it could.
func (d *decoder) value(p *plan, v reflect.Value) bool {
	switch p.kind {
	case reflect.Bool:
		n, ok := d.uint()
		v.SetBool(n == 1)
		return ok && n <= 1
	case reflect.String:
		n, ok := d.uint()
		if !ok || n > uint64(len(d.texts)) {
			return false
		}
		if n > 0 {
			v.SetString(d.texts[n-1])
		}
		return true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		u, ok := d.uint()
		n := int64(u>>1) ^ -int64(u&1)
		if !ok || v.OverflowInt(n) {
			return false
		}
		v.SetInt(n)
		return true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, ok := d.uint()
		if !ok || v.OverflowUint(n) {
			return false
		}
		v.SetUint(n)
		return true
	case reflect.Float64:
		n, ok := d.uint()
		v.SetFloat(math.Float64frombits(n))
		return ok
	case reflect.Struct:
		return d.fields(p, v)
	}
	return d.indirect(p, v)
}

func (d *decoder) fields(p *plan, v reflect.Value) bool {
	if d.depth++; d.depth > deepest {
		return false
	}
	n := p.mask()
	if len(d.in) < n {
		return false
	}
	masks := d.in[:n]
	d.in = d.in[n:]
	for i := range n {
		for mask := masks[i]; mask != 0; mask &= mask - 1 {
			at := 8*i + bits.TrailingZeros8(mask)
			if at >= len(p.fields) {
				return false
			}
			if f := p.fields[at]; f.kind == reflect.Bool {
				v.Field(at).SetBool(true)
			} else if !d.value(f, v.Field(at)) {
				return false
			}
		}
	}
	d.depth--
	return true
}

func (d *decoder) indirect(p *plan, v reflect.Value) bool {
	number, ok := d.uint()
	if !ok {
		return false
	}
	if number == 0 {
		return true
	}
	done := &d.done[p.number]
	if number > 1 {
		if number -= 2; number >= uint64(len(*done)) {
			return false
		}
		v.Set((*done)[number])
		return true
	}
	var made reflect.Value
	n := 1
	if p.kind == reflect.Slice {
		length, ok := d.uint()
		if !ok || length > uint64(len(d.in)) { // every value has at least a byte
			return false
		}
		n = int(length)
		made = d.take(p, n)
		for i := range n {
			if !d.value(p.elem, made.Index(i)) {
				return false
			}
		}
	} else {
		one := d.one(p)
		if !d.value(p.elem, one) {
			return false
		}
		made = one.Addr()
	}
	v.Set(made)
	if p.shared && n > 0 {
		*done = append(*done, made)
	}
	return true
}

// room sees to it that the page of a plan has room for n, and returns where.
func (d *decoder) room(p *plan, n int) (*page, int) {
	g := &d.pages[p.number]
	if !g.list.IsValid() || g.used+n > g.list.Len() {
		size := max(n, pageSize/max(1, int(p.elem.typ.Size())))
		list := p.typ
		if p.kind == reflect.Pointer {
			list = reflect.SliceOf(p.elem.typ)
		}
		g.list, g.used = reflect.MakeSlice(list, size, size), 0
	}
	at := g.used
	g.used += n
	return g, at
}

// take returns a slice of n zero values.
func (d *decoder) take(p *plan, n int) reflect.Value {
	if n == 0 {
		return reflect.MakeSlice(p.typ, 0, 0)
	}
	g, at := d.room(p, n)
	return g.list.Slice3(at, at+n, at+n)
}

// one returns a zero value.
func (d *decoder) one(p *plan) reflect.Value {
	g, at := d.room(p, 1)
	return g.list.Index(at)
}
