package js

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// maxSources bounds what one value is noted to come from.
const maxSources = 24

// holds reports whether a value's parts can hold a token: they name something, or are a text that is long enough.
func holds(parts []analyzers.Part) bool { return len(sources(parts)) > 0 }

// sources returns the parts that can hold a token, each once, for values of which the text does not matter.
func sources(parts []analyzers.Part) []analyzers.Part {
	c := collection{seen: map[any]bool{}}
	c.add(parts)
	return c.parts
}

type collection struct {
	parts []analyzers.Part
	seen  map[any]bool // spans and names
}

func (c *collection) add(parts []analyzers.Part) {
	for _, p := range parts {
		if len(c.parts) >= maxSources {
			return
		}
		switch h := p.Hole; {
		case h == nil && !p.Span.Empty() && weighty(p.Text):
			c.once(p.Span, analyzers.Part{Text: p.Text, Span: p.Span})
		case h == nil:
		case h.Space == "unknown":
			for _, v := range h.Values {
				c.add(v.Parts)
			}
		case !h.All:
			one := analyzers.Hole{Space: h.Space, Name: h.Name}
			if h.Default != nil {
				if rest := sources(h.Default.Parts); len(rest) > 0 {
					one.Default = &analyzers.Value{At: h.Default.At, Parts: rest}
				}
			}
			c.once(h.Space+" "+h.Name, analyzers.Part{Hole: &one})
		default:
			c.once(h.Space+" "+h.Name, p)
		}
	}
}

func (c *collection) once(key any, part analyzers.Part) {
	if !c.seen[key] {
		c.seen[key] = true
		c.parts = append(c.parts, part)
	}
}

// weighty reports whether a text can be a credential or hold one: it is long, one word, and neither a path nor a plain word.
func weighty(text string) bool {
	const shortest = 12
	return len(text) >= shortest && !strings.ContainsAny(text, " \n\t<>{}") && strings.ContainsAny(text, "0123456789") &&
		text[0] != '/' && text[0] != '.' && !(constantName(text) && strings.Contains(text, "_"))
}

// telling reports whether one of the parts says by itself that it may be a credential: it is no more than the name of something that
// another file exports, of which most are functions and types, unless that name is one of configuration.
func telling(parts []analyzers.Part) bool {
	for _, p := range sources(parts) {
		if p.Hole == nil {
			return true
		}
		_, name, exported := strings.Cut(p.Hole.Name, "#")
		if !exported {
			return true
		}
		if configuring(name) {
			return true
		}
	}
	return false
}

// configuring reports whether a name is one of configuration.
func configuring(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(configurationWords, func(word string) bool { return strings.Contains(name, word) })
}

var configurationWords = []string{
	"token", "key", "secret", "pass", "pwd", "cred", "auth", "url", "uri", "dsn", "conn", "conf", "env", "setting", "option", "header",
}
