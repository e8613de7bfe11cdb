package history

// quiet says whether all layers that look at a text, but for those that have to see it whole, find nothing that begins in a chunk. That is so
// of nearly all chunks, and so such a chunk is looked up once, not once for each layer: together with those behind it that any layer wants to
// know it with, and with which layers look at the text. Of gitleaks' own history 13 layers look up 120,000 chunks.
type quiet uint8

const (
	isQuiet  quiet = iota // as far as the layers that were asked say
	wasQuiet              // it is known
	loud                  // something is found, or it takes more chunks behind to know
)

// hush finds which chunks are known to be quiet, and returns what tells the hashes of those in texts that the same layers look at.
func (w *worker) hush(on uint64) (salt uint64) {
	for _, l := range w.layers {
		if l.extent != unbounded && w.asks(l, on) {
			salt = then(salt, l.salt)
		}
	}
	w.quiet = w.quiet[:0]
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.chunks {
		w.touched ^= w.touch(row(w.chunks[i:], w.reach) ^ salt&^1)
	}
	for i := range w.chunks {
		q := isQuiet
		if _, ok := w.has(row(w.chunks[i:], w.reach) ^ salt&^1); ok {
			q = wasQuiet
		}
		w.quiet = append(w.quiet, q)
	}
	return salt
}

// learn notes which chunks are quiet.
func (w *worker) learn(salt uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, q := range w.quiet {
		if q == isQuiet {
			w.note(row(w.chunks[i:], w.reach)^salt&^1, nil)
		}
	}
}
