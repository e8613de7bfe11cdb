package match

import "iter"

// pieces yields the ranges of the data that are scanned one by one: the whole, or gitleaks' fragments.
func (e *Engine) pieces(data []byte) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) { yield(0, len(data)) }
}
