// Package sops reads for whom SOPS encrypted files.
//
// # Analyzer sops
//
// sops: whose keys open encrypted files
//
// SOPS writes into each file that it encrypts the recipients whose keys open it: public keys of age and fingerprints of PGP's. So it is known which
// environments' secrets a key opens: who has the key of staging's file has that of production's too if both are encrypted for it.
//
//	https://getsops.io/docs/#encrypting-using-age
//	https://getsops.io/docs/#important-information-on-types
//
// # What is not seen
//
// Keys that never leave a service or a device (KMS, Vault, age plugins): who may use those is said by other tables than the file's. Of a file that takes
// keys of several groups (https://getsops.io/docs/#key-groups) nothing is said, since no key opens it alone.
package sops

import (
	"bytes"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads for whom SOPS encrypted files.
var Analyzer = &analyzers.Analyzer{
	Name:    "sops",
	Doc:     "Reads whose keys open files that SOPS encrypted.",
	Version: 1,
	Files:   []string{"**/*.{yaml,yml,json,env,ini,enc,sops,encrypted}", "**/.env*", "**/*.env.*"},
	Sniff:   func(_ string, head []byte) bool { return bytes.Contains(head, []byte(cipher)) },
	Run:     run,
}

// cipher is what encrypted values begin with.
const cipher = "ENC[AES256_GCM,"

// The metadata of a file, as the stores of SOPS for YAML, JSON, dotenv and INI write it: names and values differ in what stands between them.
// https://github.com/getsops/sops/tree/main/stores
var (
	mac         = lazyregexp.New(`(?m)^\W*(?:sops_)?mac["']?[ \t]*[:=][ \t]*["']?ENC\[AES256_GCM,`)
	recipient   = lazyregexp.New(`recipient["']?[ \t]*[:=][ \t]*["']?(age1(?:pq1)?[02-9ac-hj-np-z]{58,})\b`)
	fingerprint = lazyregexp.New(`(?:\b|_)fp["']?[ \t]*[:=][ \t]*["']?([0-9A-Fa-f]{16,40})\b`)
	groups      = lazyregexp.New(`(?:key_groups|shamir_threshold)\w*["']?[ \t]*[:=]`)
)

// maxRecipients bounds the recipients that are read of one file.
const maxRecipients = 100

func run(pass *analyzers.Pass) error {
	if !bytes.Contains(pass.Data, []byte(cipher)) || !mac.Match(pass.Data) || groups.Match(pass.Data) {
		return nil
	}
	encryptedFor(pass, detectors.AgeRecipient, recipient)
	encryptedFor(pass, detectors.PGPFingerprint, fingerprint)
	return nil
}

// encryptedFor notes the recipients of one sort.
func encryptedFor(pass *analyzers.Pass, sort string, name *lazyregexp.Regexp) {
	found := name.FindAllSubmatchIndex(pass.Data, maxRecipients+1)
	if len(found) == 0 {
		return
	}
	if len(found) > maxRecipients {
		at := pass.At(found[maxRecipients][2], found[maxRecipients][3])
		pass.Gap(at, "the file is encrypted for too many keys to tell them all; whether the rest of them open other files too is not known")
		found = found[:maxRecipients]
	}
	var names []string
	for _, m := range found {
		names = append(names, string(pass.Data[m[2]:m[3]]))
	}
	slices.Sort(names)
	pass.Facts.Bindings = append(pass.Facts.Bindings, detectors.Binding{
		What: sort, Value: strings.Join(slices.Compact(names), " "), Environments: environ.Path(pass.Path), At: pass.At(found[0][0], found[0][0]),
	})
}
