package shell

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// destinations are the beginnings of commands that bring something to where an operand says, and what that says of environments: the last one, since what is
// brought stands before it.
var destinations = []struct {
	words string
	says  func(operand string) detectors.Environment
	first bool // it is the first one
}{
	{words: "rsync", says: ofHost}, // https://download.samba.org/pub/rsync/rsync.1
	{words: "scp", says: ofHost},   // https://man.openbsd.org/scp
	// https://docs.aws.amazon.com/cli/latest/reference/s3/
	{words: "aws s3 sync", says: ofBucket}, {words: "aws s3 cp", says: ofBucket}, {words: "aws s3 mv", says: ofBucket},
	{words: "git push", says: ofRepository, first: true}, // https://devcenter.heroku.com/articles/git
	{words: "gcloud app deploy", says: environ.Path},     // https://docs.cloud.google.com/sdk/gcloud/reference/app/deploy
	{words: "docker stack deploy", says: environ.Value},  // https://docs.docker.com/reference/cli/docker/stack/deploy/
}

// brings notes the sign that the destination of a command gives.
func (r *reader) brings(c command) {
	name := tool(c.name())
	for _, d := range destinations {
		first, rest, _ := strings.Cut(d.words, " ")
		if first != name {
			continue
		}
		_, operands := options(c.args(), "", true)
		n := len(strings.Fields(rest))
		if len(operands) <= n || rest != "" && !starts(operands, rest) {
			continue
		}
		to := operands[len(operands)-1]
		if d.first {
			to = operands[n]
		}
		if text, known := r.resolve(to.value); known {
			r.sign(analyzers.Given, d.says(text), "it goes to what is called after", to.value.At)
		}
	}
}

// ofHost returns what the host of [user@]host[:path] says.
func ofHost(operand string) detectors.Environment {
	host, _, remote := strings.Cut(operand, ":")
	if !remote || strings.Contains(host, "/") {
		return 0
	}
	return environ.Host(host[strings.LastIndexByte(host, '@')+1:])
}

// ofBucket returns what the name of a bucket says.
func ofBucket(operand string) detectors.Environment {
	rest, remote := strings.CutPrefix(operand, "s3://")
	if !remote {
		return 0
	}
	bucket, _, _ := strings.Cut(rest, "/")
	return environ.Value(bucket)
}

// ofRepository returns what the name of a repository says that is pushed to by its address: https://git.heroku.com/acme-staging.git.
func ofRepository(operand string) detectors.Environment {
	if !strings.Contains(operand, "://") {
		return 0
	}
	return environ.Value(strings.TrimSuffix(path.Base(operand), ".git"))
}
