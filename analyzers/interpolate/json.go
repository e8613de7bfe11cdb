package interpolate

import "encoding/json"

// JSON returns what stands between the quotes of a JSON string as it is read.
func JSON(raw Text) Text {
	var read Text
	str, from := raw.String, 0
	for i := 0; i < len(str); {
		if str[i] != '\\' || i+1 == len(str) {
			i++
			continue
		}
		if i > from {
			read.Add(raw.Slice(from, i))
		}
		n := escapeLength(str[i:])
		var char string
		if json.Unmarshal([]byte(`"`+str[i:i+n]+`"`), &char) != nil {
			char = str[i : i+n]
		}
		span := raw.Span(i, i+n)
		read.Append(char, span.Start, span.End)
		i += n
		from = i
	}
	if from < len(str) {
		read.Add(raw.Slice(from, len(str)))
	}
	return read
}

// escapeLength returns the length of the escape that the text begins with: two of them, if they are a pair that makes one character.
func escapeLength(str string) int {
	const unicode = len(`\u0000`)
	switch {
	case str[1] != 'u':
		return 2
	case len(str) >= 2*unicode && (str[2] == 'd' || str[2] == 'D') && str[unicode:unicode+2] == `\u`:
		return 2 * unicode
	}
	return min(unicode, len(str))
}
