package detectors

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
)

const hidden = "correct-horse-battery-staple"

// shapes are the ways in which a secret lies in other values.
func shapes() []any {
	s := NewSecret(hidden)
	type inner struct{ secret Secret }
	type outer struct {
		inner
		Exported Secret
		pointer  *Secret
	}
	return []any{
		s, &s, []Secret{s}, [1]Secret{s}, map[string]Secret{"k": s}, inner{s}, &inner{s}, outer{inner{s}, s, &s},
		struct{ any }{s}, []any{s, inner{s}}, map[string]any{"k": inner{s}}, Token{Secret: s}, &Token{Secret: s}, struct{ t Token }{Token{Secret: s}},
		func() Secret { return s }, errors.Join(fmt.Errorf("%v", s)), reflect.ValueOf(inner{s}),
	}
}

// TestSecretNeverShows tries every verb and flag of fmt, and the encoders and loggers of the standard library, on every shape.
func TestSecretNeverShows(t *testing.T) {
	check := func(how, printed string) {
		if strings.Contains(printed, hidden) || strings.Contains(printed, fmt.Sprintf("%x", hidden)) || strings.Contains(printed, strings.Trim(fmt.Sprint([]byte(hidden)), "[]")) {
			t.Errorf("%s shows the secret: %s", how, printed)
		}
	}
	for i, shape := range shapes() {
		for verb := rune(' '); verb <= '~'; verb++ {
			for _, flag := range []string{"", "+", "#", "-", " ", "0", "20", ".3", "+20.5"} {
				how := "%" + flag + string(verb)
				check(fmt.Sprintf("shape %d, %s", i, how), fmt.Sprintf(how, shape))
			}
		}
		check("Print", fmt.Sprint(shape)+fmt.Sprintln(shape))
		if b, err := json.Marshal(shape); err == nil {
			check("json", string(b))
		}
		if b, err := xml.Marshal(shape); err == nil {
			check("xml", string(b))
		}
		var buf bytes.Buffer
		if err := gob.NewEncoder(&buf).Encode(shape); err == nil {
			check("gob", buf.String())
		}
		for _, h := range []slog.Handler{slog.NewTextHandler(&buf, nil), slog.NewJSONHandler(&buf, nil)} {
			slog.New(h).Info("m", "k", shape, slog.Any("a", shape), slog.Group("g", "k", shape))
		}
		check("slog", buf.String())
		func() {
			defer func() { check("panic", fmt.Sprint(recover())) }()
			panic(shape)
		}()
	}
}

func TestReveal(t *testing.T) {
	if got := NewSecret(hidden).Reveal(); got != hidden {
		t.Error(got)
	}
	if got := (Secret{}).Reveal(); got != "" {
		t.Error(got)
	}
}

// TestMasked checks that at most a quarter of a value is shown, and nothing of a short one.
func TestMasked(t *testing.T) {
	for value, want := range map[string]string{
		"":                                     "••••",
		"short":                                "•••••",
		"abc":                                  "••••",
		"line\nbreak":                          "l••••••••k",
		"dc25a8b1-0000-4000-8000-00000000396b": "dc25••••-••••-••••-••••-••••••••396b",
	} {
		if got := NewSecret(value).Masked(); got != want {
			t.Errorf("Masked(%q) = %q, want %q", value, got, want)
		}
	}
	if got := NewSecret(strings.Repeat("x", 5000)).Masked(); len([]rune(got)) > 41 {
		t.Errorf("%d runes", len([]rune(got)))
	}
}
