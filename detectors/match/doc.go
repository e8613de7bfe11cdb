// Package match turns bytes into candidate tokens: which rule matches where, and what the secret is.
//
// An [Engine] holds rules and is shared; each worker has a [Scanner], which owns all scratch memory. What a rule means is what it means
// to gitleaks (https://github.com/gitleaks/gitleaks), whose rules are many and well tried; that both find the same is tested in
// testdata/oracle.
//
// # Idea
//
// Nearly all text holds no secret, and expressions are slow: some hundred of them, each run over the whole of every text that holds one
// of its keywords, is what makes a scanner slow. So an expression is run only where it can match, and where that is, is found out
// by cheaper means, each of which may say yes too often and never no too often:
//
//   - The path. An allowlist, or a rule's own path, decides before anything is read. (Free; an automaton over the path.)
//   - Words. One pass finds the keywords of all rules, in any case: a sieve. Most rules end here. When some text was scanned it is known which
//     words are common, and from then on these are found only beside the bytes that can stand beside them in a match.
//   - Gates. Before every word stands one automaton for what all rules want after it, so that a word costs the same for ten rules as for
//     one. It is a blunt one, so that it is small.
//   - Runs. A token has many bytes of few kinds in a row. Where no such run is near a word, a rule is not looked for there: runs.go.
//   - Cuts. A rule's expression is cut in two at a keyword that every match must hold: "before" and "after". Where the keyword stands,
//     a lazily made automaton for "after" is run from there on, a few bytes as a rule. If it accepts, all matches that hold
//     this keyword lie in a window: to the left as far as the bytes that "before" can take reach, to the right up to where the
//     automaton died. The first few times the parsed expression is walked instead, without making an automaton, and so is "before", if it asks for
//     more than some bytes, a name of several, say: walk.go.
//   - The expression itself, on the window, with its groups: by package regexp, or, where that would be slow, by trying one way after the other,
//     with less to remember: backtrack.go.
//   - The secret: its entropy, then allowlists: stop words first, expressions after an automaton has said that they match.
//   - Other candidates: a provider's rule beats another one on the same bytes, and any rule beats a generic one.
//
// What is encoded is decoded in passes over the text. Each pass replaces what looks encoded (%41, \u0041, U+0041, long runs of hexadecimal
// digits or of the letters of base64) and decodes to printable text, and the rules run again, where something was decoded: again.go has how.
// A match that holds a decoded byte is a candidate, which stands where the encoded text stands.
//
// # Why it is valid
//
// A window holds every match that has the keyword at that place, because "before" is over-approximated by the set and the greatest number
// of its bytes, and "after" is what the automaton accepts, which decodes characters as the expression does. Windows that overlap are
// joined, so no match reaches out of one. The expression sees one character beside the window, enough for its assertions inside it; a match
// that touches an edge that is none of the text may owe itself to that edge, and then the window's surroundings are widened until it does
// not. So the matches in windows are the matches in the text. FuzzScan and TestWindowsHoldEveryMatch compare both.
//
// # Cost
//
// Rules for some paths only cost nothing elsewhere. Everything is made when first needed: expressions are compiled when a window is found,
// plans and automata when a keyword is seen, so that a hook that looks at three small files pays for little. Rules whose keywords need not
// stand in their matches are planned around other words, which are looked for where a keyword stands, and join the index if that is cheaper.
// Partners are looked for where the rule that requires them matches, and the rule is not looked for where the index knows of no partner.
// Tables of automata are bounded in size and thrown away when full. If the visits to a rule's words look at an eighth as many bytes as the text has,
// one automaton tells which of the rules that share the word can match at all, and for those the rest of the text is passed once instead, by one that tells
// where they can; windows that hold much of the text are
// narrowed by one of the whole expression; and where tables overflow again and again the expression itself is run: the work stays linear in
// the length of the text, whatever it holds. Where nothing matches a byte costs about ten times as much as one of ordinary code at the
// most, and where something does, not more beyond that than to run the expressions that match once over the whole text. BenchmarkHostile
// has examples, BenchmarkNearMatches makes some of every rule's expression, bound.go has the idea.
//
// What a start costs: a file of 60 bytes takes 15 ms of processor time, of which Go and the packages' initialisation take 6, the catalogue of
// providers 2, and [New] with its index 1. What the file calls for, a few plans and automata, is the rest. So no tables are made ahead: to
// read them would cost as much.
//
// # What it declines
//
//   - A rule without any word of two letters that its matches must hold runs as an automaton over the whole text, if a keyword is there;
//     [Engine.Wordless] names them.
//   - The long s (ſ), the Kelvin sign (K) and the dotted I (İ), which expressions or gitleaks take for s, k and i where case does not matter, are
//     not taken for letters of a word, but in gitleaks' mode.
//   - A pair of \u escapes for one character beyond U+FFFF is two replacement characters, as in gitleaks.
//   - A rule that looks at paths only takes a file once; gitleaks takes it once a fragment.
//   - Of a file that is scanned in pieces, a keyword or partner in one piece counts for that piece only.
//   - Matches without a character, and line breaks at the ends of matches, are nothing, but to gitleaks.
//   - Of a line of many kilobytes an allowlist for lines sees what is near the match.
//
// Comments that allow a finding, byte order marks, UTF-16 and archives are the caller's.
package match
