package matchtest

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// Spell returns texts in which the given one stands in all the ways in which people write and encode it, some of them broken.
func Spell(r *rand.Rand, text string) []string {
	half := len(text) / 2
	b64 := base64.StdEncoding.EncodeToString
	return []string{
		text,
		" " + text + " \n",
		fmt.Sprintf("\tkey = %q;\r\n", text),
		"export SECRET_TOKEN='" + text + "'\n",
		`{"a": "b", "api_key": "` + text + `"}`,
		"password: " + text + "\n\n",
		text + text + "\n",
		"x" + text + "x\n",
		"é" + text + "é" + text + "\n",
		Spoil(r, text) + "\n",
		Spoil(r, text) + Spoil(r, text),
		"a: " + b64([]byte(text)) + "\n",
		"token=" + base64.RawURLEncoding.EncodeToString([]byte("k = '"+text+"'")) + ";",
		"0x" + hex.EncodeToString([]byte(text+" ")) + "\n",
		hex.EncodeToString([]byte("key: '"+text+"' ")) + " ",
		"http://h/?q=" + url.QueryEscape("a b "+text+" ") + "&r=%20\n",
		percent(text) + "\n",
		`s = "` + escaped(text, `\u%04x`) + "\"\n",
		escaped(text, `\\U%04X`) + " ",
		escaped(text, "U+%04X ") + "\n",
		"x: " + b64([]byte(percent("auth='"+text+"'"))) + "\n",
		b64([]byte(b64([]byte(text+"\n")))) + "\n",
		text[:half] + url.PathEscape(text[half:]) + " %41\n",
		hex.EncodeToString([]byte("0123456789abcdef"+text[:half])) + text[half:] + "\n",
	}
}

// percent returns the text with every byte as a per cent sign and two digits.
func percent(text string) string {
	var b strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&b, "%%%02X", text[i])
	}
	return b.String()
}

// escaped returns the text with every character in the format.
func escaped(text, format string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}
