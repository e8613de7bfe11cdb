// Package library says, as data, what functions of libraries do with what they are given: which read the environment or a file, which make a
// text of others, and which hand a value on to a service, a program or a log.
//
// A function is called by go/types' full name, "(*net/http.Request).SetBasicAuth"; the assignment to a variable or a field of a library by
// its name and "=", "github.com/stripe/stripe-go/v76.Key=", and to an element of a library's map by the type's name and "[]=". Versions in
// import paths do not count: rows are written without. Arguments are numbered from 0, the receiver of a method first.
//
// A function without a row is judged by its package: most of the standard library computes results and hands nothing on; whatever is given
// to any other package is handed on.
package library

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
)

// Yield says what a function's first result is.
type Yield uint8

// What results are.
const (
	Computed  Yield = iota // from all arguments
	Same                   // the argument Value
	Upper                  // the argument Value in capitals
	Lower                  // the argument Value in small letters
	Nothing                // nothing of the arguments
	Variable               // the environment's variable that the argument Value names
	Defaulted              // the same, with the argument Default if it is not set
	Expanded               // the argument Value, in which variables of the environment are replaced
	Formatted              // the argument Value, a format, with those after it
	Path                   // the arguments from Value on, with slashes between
	First                  // the first argument that is not empty
	Content                // what the file holds that the argument Value names
	Embed                  // what the embedded file holds that the argument Value names, in the file system Into
	Request                // a request: method Value, address Value+1, body Value+2
	Command                // a command: the program Value, and its arguments
	Flag                   // a flag's value, for which the argument Value is the default
	Setting                // a setting of viper: its key is the argument Value
	Option                 // a flag of urfave/cli: its name is the argument Value
	Document               // settings that are read of the argument Value, or of the file that the argument File names
	Encoded                // the argument Value as a text, without the fields that their tags leave out, in the way of Tags
	Source                 // where koanf reads settings: variables of the environment that begin with the argument Value
	Secret                 // what the store Store has under the name that the argument Value, or its field Fields, is
)

// Deed says what a call does.
type Deed uint8

// What calls do.
const (
	Computes   Deed = iota // no more than its result
	Hands                  // hands its arguments from Value on to somebody
	Leaks                  // the same, to a log or to the screen
	Reads                  // reads the variable that the argument Value names
	ReadsAll               // reads all variables
	Sets                   // sets the variable Value to the next argument
	Unsets                 // unsets the variable Value
	Loads                  // loads files, or .env, into the environment; what is set stays
	Overloads              // the same, and replaces what is set
	Opens                  // reads the file that the argument Value names
	Runs                   // runs a command
	Header                 // sets the header Value of a request, or of its headers, to the next argument
	Basic                  // sets the login of a request
	Sends                  // sends a request to the address Value
	Stores                 // stores the argument Value in what the argument Into points to
	Decodes                // reads variables into the fields of a struct, by their tags in the way of Tags
	Fills                  // reads settings of the argument Value, or of a file, into what the argument Into points to, by tags in the way of Tags
	Configures             // gives koanf settings: the argument Value is their source
	Separates              // makes a koanf: the argument Value separates keys
	Prefixes               // sets what viper puts in front of names
	Binds                  // binds a key of viper's to the variables that the following arguments name
	Names                  // sets the name of viper's file
	Folders                // adds a folder to those in which viper looks
	Automatic              // makes viper ask the environment
	Defaults               // gives a key of viper's a default
	Headers                // sets all headers of a request: the argument Value is a map
	Reflects               // calls what nobody can see
	HandsFile              // hands on what the file holds that the argument Value names
	LooksUp                // looks a secret up in a store
)

// Row is what is said of one function.
type Row struct {
	Yields Yield
	Does   Deed
	Value  int
	Into   int
	Tags   string // whose tags: "env", "envconfig", "cleanenv", "go-envconfig", "kong"; "json", "yaml", "toml" and so on: the tag's key
	Prefix int    // Decodes: the argument that is the prefix of the names, or has it in its field Prefix, counted from 1; 0 for none
	Count  int    // Hands: how many arguments, from Value on; 0 for all
	Fields string // Hands: of an argument that is a struct, the fields that are credentials; Secret: the field that names it
	Store  string // Secret: the store, as references have it
	Host   string // Hands: where they are sent
	File   int    // Document, Fills, Decodes: the argument that names a file, counted from 1; 0 for none
}

var version = lazyregexp.New(`/v[0-9]+(?:\.[0-9]+)*([./)]|$)|\.v[0-9]+(?:\.[0-9]+)*([./)])`)

// Of returns what is said of a function.
func Of(id string) Row {
	if r, ok := row(id); ok {
		return r
	}
	if method, ok := strings.CutPrefix(id, "(*github.com/spf13/viper.Viper)."); ok { // the package's functions are those of its own Viper
		r := rows["github.com/spf13/viper."+method]
		r.Value, r.Into = r.Value+1, r.Into+1
		return r
	}
	pkg := Package(id)
	unversioned := pkg
	if strings.Contains(id, "/v") || strings.Contains(id, ".v") {
		if r, ok := row(version.ReplaceAllString(id, "$1$2")); ok {
			return r
		}
		unversioned = version.ReplaceAllString(pkg, "$1$2")
	}
	if logs[unversioned] {
		return Row{Does: Leaks}
	}
	if Standard(pkg) && !handing[pkg] {
		return Row{}
	}
	return Row{Does: Hands}
}

func row(id string) (Row, bool) {
	if r, ok := rows[id]; ok {
		return r, true
	}
	if r, ok := clients[id]; ok {
		return r, true
	}
	if pointers[id] {
		return Row{Yields: Same}, true
	}
	r, ok := stores[id]
	return r, ok
}

// logs are the packages that write what they are given to a log or to the screen: https://pkg.go.dev/log https://pkg.go.dev/log/slog
// https://pkg.go.dev/go.uber.org/zap https://pkg.go.dev/github.com/rs/zerolog https://pkg.go.dev/github.com/sirupsen/logrus
// https://pkg.go.dev/github.com/golang/glog https://pkg.go.dev/k8s.io/klog/v2
var logs = set("log log/slog go.uber.org/zap github.com/rs/zerolog github.com/rs/zerolog/log github.com/sirupsen/logrus github.com/golang/glog k8s.io/klog")

// Package returns the import path of a function's package.
func Package(id string) string {
	id = strings.TrimLeft(id, "(*")
	slash := strings.LastIndexByte(id, '/')
	if dot := strings.IndexByte(id[slash+1:], '.'); dot >= 0 {
		// gopkg.in/yaml.v3.Unmarshal: a dot before a version is the path's
		rest := id[slash+1+dot+1:]
		if slash > 0 && strings.HasPrefix(id, "gopkg.in/") && len(rest) > 1 && rest[0] == 'v' {
			if next := strings.IndexByte(rest, '.'); next >= 0 {
				return id[:slash+1+dot+1+next]
			}
		}
		return id[:slash+1+dot]
	}
	return id
}

// Standard reports whether an import path is of the standard library, whose first element has no dot: https://go.dev/ref/mod#go-mod-file-ident.
func Standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".") && roots[first]
}

// roots are the first elements of the standard library's import paths. Modules of one's own may have paths without a dot too.
var roots = set("archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go hash " +
	"html image index io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv strings structs sync syscall " +
	"testing text time unicode unique unsafe weak")

// handing are the packages of the standard library to which what is given is handed on.
var handing = set("net net/http net/smtp net/rpc net/rpc/jsonrpc net/textproto database/sql os/exec crypto/tls crypto/hmac expvar net/http/httputil plugin")

// CallsBack reports whether a function may call functions that it is given, in structs or by themselves.
func CallsBack(id string) bool { return !silent[Package(id)] }

// silent are the packages of the standard library that take no functions.
var silent = set("bufio encoding/base64 encoding/binary encoding/hex encoding/json errors fmt hash/fnv html io log math math/big math/bits math/rand net/url os path " +
	"regexp/syntax strconv unicode unicode/utf16 unicode/utf8 crypto/md5 crypto/rand crypto/sha1 crypto/sha256 crypto/sha512 " +
	"crypto/subtle go/token go/constant")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
