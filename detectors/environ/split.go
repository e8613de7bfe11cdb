package environ

// word is one word of a text, in lower case, with the offsets at which it stands.
type word struct {
	text       []byte
	start, end int
	part       int // counts the parts between colons, slashes and spaces
}

// longest is how much of a text is read, in bytes: names are shorter, and what is longer is none.
const longest = 256

// split cuts s into words at everything that is neither letter nor digit, and where camel case turns. The words' texts lie in
// buffer. A number at a word's end is cut off (staging2 is staging, and its number the next word) unless the word is e2e-like.
func split(s string, buffer []byte, words []word) []word {
	if len(s) > longest {
		s = s[:longest]
	}
	part := 0
	for i := 0; i < len(s); {
		if !isWord(s[i]) {
			if s[i] == ':' || s[i] == '/' || s[i] == '\\' || s[i] == ' ' {
				part++
			}
			i++
			continue
		}
		end := i + 1
		for end < len(s) && isWord(s[end]) && !turns(s, i, end) {
			end++
		}
		from := len(buffer)
		for _, c := range []byte(s[i:end]) {
			buffer = append(buffer, lower(c))
		}
		text := buffer[from:]
		if cut := trimDigits(text); cut > 0 && cut < len(text) {
			words = append(words, word{text[:cut], i, i + cut, part}, word{text[cut:], i + cut, end, part})
		} else {
			words = append(words, word{text, i, end, part})
		}
		i = end
	}
	return words
}

// turns reports whether a new word of camel case begins at end: deployStaging, DBProd.
func turns(s string, start, end int) bool {
	if !isUpper(s[end]) {
		return false
	}
	if isLower(s[end-1]) || isDigit(s[end-1]) && end-1 > start && isLower(s[start]) {
		return true
	}
	return isUpper(s[end-1]) && end+1 < len(s) && isLower(s[end+1]) && !plural(s, end)
}

// plural reports whether the letters from end on are one capital and a lone s, as in URLs: no new word.
func plural(s string, end int) bool {
	return s[end+1] == 's' && (end+2 == len(s) || !isLower(s[end+2]))
}

// trimDigits returns the length of the text without the digits at its end.
func trimDigits(text []byte) int {
	n := len(text)
	for n > 0 && isDigit(text[n-1]) {
		n--
	}
	return n
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isWord takes every byte beyond ASCII for a letter.
func isWord(c byte) bool { return isLower(c) || isUpper(c) || isDigit(c) || c >= 0x80 }

func lower(c byte) byte {
	if isUpper(c) {
		return c + 'a' - 'A'
	}
	return c
}

func (w word) isNumber() bool { return len(w.text) > 0 && trimDigits(w.text) == 0 }
