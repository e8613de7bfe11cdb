package shell

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// holdsSecrets is the name of a file that is there for what it keeps secret: variables, keys, logins.
var holdsSecrets = lazyregexp.New(`(?i)(?:^|[/:])(?:\.env(?:\.[\w.-]+)?|[\w.-]+\.(?:env|pem|key|p12|pfx|jks|tfvars|ovpn|kubeconfig)|id_(?:rsa|ecdsa|ed25519)|\.netrc|\.pgpass|` +
	`[\w.-]*(?:secrets?|credentials?|kubeconfig|service-account)[\w-]*(?:\.(?:json|ya?ml|env|txt|properties))?)$`)

// shown is in the name of a file that keeps nothing secret, though others of its ending do: a certificate, an example.
var shown = lazyregexp.New(`(?i)(?:^|[^a-z])(?:certs?|certificates?|chain|fullchain|ca|public|pub|example|sample|template|dist)(?:[^a-z]|$)`)

// keepsSecrets reports whether a file of a name is there for what it keeps secret.
func keepsSecrets(name string) bool {
	return holdsSecrets.MatchString(name) && !shown.MatchString(path.Base(name))
}

// fetches returns the file of secrets that a command copies from elsewhere: another host, or a store of files. Its name begins with where it is.
//
//	https://man.openbsd.org/scp https://download.samba.org/pub/rsync/rsync.1
//	https://docs.aws.amazon.com/cli/latest/reference/s3/cp.html
//	https://docs.cloud.google.com/sdk/gcloud/reference/storage/cp https://docs.cloud.google.com/storage/docs/gsutil/commands/cp
//	https://learn.microsoft.com/cli/azure/storage/blob#az-storage-blob-download
func (r *reader) fetches(c command) (secret, bool) {
	of := func(store, scheme string, takes flags, words string) (secret, bool) {
		_, operands := options(c.args(), takes, true)
		if words != "" && !starts(operands, words) {
			return secret{}, false
		}
		operands = operands[len(strings.Fields(words)):]
		if len(operands) < 2 {
			return secret{}, false
		}
		text := r.textOf(operands[0])
		name, ok := strings.CutPrefix(text, scheme)
		if scheme == "" {
			host, _, remote := strings.Cut(text, ":")
			ok = remote && !strings.Contains(host, "/")
		}
		return secret{store: store, name: name}, ok && keepsSecrets(name)
	}
	switch tool(c.name()) {
	case "scp":
		return of(detectors.Host, "", "-i -F -o -P -c -J -l -S -D -X", "")
	case "rsync":
		return of(detectors.Host, "", "-e --rsh --exclude --include --chmod --chown --password-file -f --filter --port", "")
	case "aws":
		return of(detectors.Bucket, "s3://", "--profile --region --endpoint-url --exclude --include --sse --acl --output --storage-class", "s3 cp")
	case "gsutil":
		return of(detectors.Bucket, "gs://", "-h -o -u -z -j -L", "cp")
	case "gcloud":
		return of(detectors.Bucket, "gs://", "--project --account --configuration", "storage cp")
	case "az":
		found, operands := options(c.args(), "--account-name --account-key --connection-string --container-name -c --name -n --file -f --sas-token --auth-mode --subscription", true)
		if starts(operands, "storage blob download") {
			name := ""
			for _, option := range []flags{"--account-name", "--container-name -c", "--name -n"} {
				if w, ok := last(found, option); ok {
					name = strings.TrimPrefix(name+"/"+r.textOf(w), "/")
				}
			}
			return secret{store: detectors.Bucket, name: name}, keepsSecrets(name)
		}
	}
	return secret{}, false
}

// login is how a program is told with which of the logins that are kept on the machine it works.
type login struct {
	flag, store string
}

// logins are those of programs whose logins have names.
//
//	https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
//	https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
//	https://docs.digitalocean.com/reference/doctl/reference/auth/
var logins = map[string]login{
	"aws": {"--profile", detectors.AWSConfig}, "sam": {"--profile", detectors.AWSConfig}, "cdk": {"--profile", detectors.AWSConfig}, "eb": {"--profile", detectors.AWSConfig},
	"kubectl": {"--context", detectors.Kubeconfig}, "oc": {"--context", detectors.Kubeconfig}, "helm": {"--kube-context", detectors.Kubeconfig},
	"doctl": {"--context", "doctl-config"},
}

// logsIn hands a program the login that a flag of it names.
func (r *reader) logsIn(c command) {
	if l, known := logins[tool(c.name())]; known {
		if w, ok := given(c.args(), l.flag, l.flag+"="); ok {
			r.login(l.store, w.value, c.at, r.sink(c))
		}
	}
}

// login hands a program the login of a name, if that is production's: what is in another is not known to be only that's, and every use of it would be told.
func (r *reader) login(store string, name analyzers.Value, at detectors.Place, program *detectors.Sink) {
	text, ok := r.resolve(name)
	if !ok || !environ.Identifier(text).Touches(detectors.Production) {
		return
	}
	v := analyzers.Value{At: at, Parts: []analyzers.Part{reference(secret{store: store, name: text})}}
	r.emit(analyzers.Step{Op: analyzers.OpUse, At: at, Value: v, Sink: program, Says: "works with the login that the machine has"})
}
