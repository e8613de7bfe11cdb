package tag

import (
	"bytes"
	"strings"
)

// recordReach is how far around a candidate others are looked for that are ids as it is.
const recordReach = 8 << 10

// isRecord reports whether the value is the id of a record: an ObjectId, which is 24 hexadecimal digits of which the first eight are the time when it was
// made, behind words or none. What only looks like one would have to begin as three others beside it do.
// https://www.mongodb.com/docs/manual/reference/bson-types/#objectid
func (t text) isRecord(value string) bool {
	const digits, time = 24, 2 // of which half a year has the same
	at := len(value) - digits
	if at < 0 || strings.Trim(value[at:], "0123456789abcdef") != "" || strings.Trim(value[:at], "abcdefghijklmnopqrstuvwxyz_-") != "" {
		return false
	}
	begins := []byte(value[:at+time])
	near := t.data[max(0, t.at.Start-recordReach):min(len(t.data), t.at.End+recordReach)]
	others := map[string]bool{value: true}
	for len(others) <= 3 {
		i := bytes.Index(near, begins)
		if i < 0 || i+len(value) > len(near) {
			return false
		}
		end := i + len(value)
		other := string(near[i:end])
		alone := (i == 0 || !isNameByte(near[i-1])) && (end == len(near) || !isNameByte(near[end]))
		if near = near[i+len(begins):]; alone && strings.Trim(other[at:], "0123456789abcdef") == "" {
			others[other] = true
		}
	}
	return true
}
