package code

import "bytes"

// Letter reports whether a byte can be one of a name in code of every language.
func Letter(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}

// Stands reports whether a word stands in the text, and not within another. The empty word stands in every text.
func Stands(text []byte, word string) bool {
	return word == "" || standsWhere(text, word, func(int, int) bool { return true })
}

// standsWhere reports whether a word stands in the text, and not within another, at one of the places that fit.
func standsWhere(text []byte, word string, fits func(start, end int) bool) bool {
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte(word))
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		if (start == 0 || !Letter(text[start-1])) && (end == len(text) || !Letter(text[end])) && fits(start, end) {
			return true
		}
		from = end
	}
}

// Within calls visit for each place where a word of lower-case letters stands in the text in whatever case, within others too, until visit
// returns true; it reports whether it did.
func Within(text []byte, word string, visit func(start, end int) bool) bool {
	rare := rarest(word)
	for _, c := range []byte{word[rare], word[rare] &^ 0x20} {
		for at := rare; at < len(text); at++ {
			i := bytes.IndexByte(text[at:], c)
			if i < 0 {
				break
			}
			at += i
			start, end := at-rare, at-rare+len(word)
			if end <= len(text) && folds(text[start:end], word) && visit(start, end) {
				return true
			}
		}
	}
	return false
}

// rarest returns the index of the letter of a word that is rarest in code.
func rarest(word string) int {
	const common = "etaoinsrlcdpumfhgbyxvwkqjz"
	best := 0
	for i := range len(word) {
		if bytes.IndexByte([]byte(common), word[i]) > bytes.IndexByte([]byte(common), word[best]) {
			best = i
		}
	}
	return best
}

func folds(text []byte, word string) bool {
	for i, c := range text {
		if c|0x20 != word[i] {
			return false
		}
	}
	return true
}
