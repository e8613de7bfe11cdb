package detectortest

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"math/rand/v2"
	"strconv"
	"strings"
)

// infraFormats are the formats of hosting, cloud, source hosting and database providers.
var infraFormats = map[string]string{
	"aiven":                      "{B372}",
	"akamai":                     "{B43}=",
	"akamai-host":                "akab-{a26}-{a16}.luna.akamaiapis.net",
	"backblaze":                  "K00{d1}{B27}",
	"backblaze-master":           "00{d1}{h39}",
	"bunny":                      "{u}{u}",
	"bunny-zone":                 "{h8}-{h4}-{h4}-{h12}-{h4}-{h4}",
	"civo":                       "{A50}",
	"cloudsmith":                 "{h40}",
	"exoscale":                   "{b43}",
	"koyeb":                      "{a64}",
	"clevercloud":                "{A40}",
	"scalingo":                   "tk-us-{A50}",
	"triggerdev":                 "tr_pat_{a40}",
	"triggerdev-prod":            "tr_prod_{A24}",
	"triggerdev-stg":             "tr_stg_{A24}",
	"ngrok":                      "2{A26}_{A20}",
	"ns1":                        "{A20}",
	"dnsimple":                   "{A32}",
	"ovh":                        "{A32}",
	"upcloud":                    "ucat_{U26}",
	"confluent-old":              "{B64}",
	"confluent-wrong":            "cflt{B54}AAAAAA",
	"expo":                       "{b40}",
	"fastly":                     "{b32}",
	"fastly-service":             "{A22}",
	"octopus":                    "API-{U28}",
	"platformsh":                 "{b43}",
	"age":                        "AGE-SECRET-KEY-1{K58}",
	"atlas":                      "mdb_sa_sk_{A40}",
	"age-pq":                     "AGE-SECRET-KEY-PQ-1{K58}",
	"putty":                      "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: deploy@acme\nPublic-Lines: 2\n{B64}\n{B16}\nPrivate-Lines: 1\n{B48}\nPrivate-MAC: {h64}",
	"vault":                      "hvs.{b90}",
	"vault-batch":                "hvb.{b140}",
	"vault-old":                  "s.{A24}",
	"vault-recovery":             "hvr.{b24}",
	"vultr":                      "{U36}",
	"wireguard":                  "{B42}A=",
	"tailscale-api":              "tskey-api-{A12}CNTRL-{A32}",
	"tailscale-auth":             "tskey-auth-{A12}CNTRL-{A32}",
	"tailscale-client":           "tskey-client-{A12}CNTRL-{A32}",
	"tailscale-scim":             "tskey-scim-{A12}CNTRL-{A32}",
	"tailscale-webhook":          "tskey-webhook-{A12}CNTRL-{A32}",
	"upstash":                    "A{A50}",
	"upstash-queue":              "eyJVc2VySUQiOi{A60}",
	"upstash-signing":            "sig_{A30}",
	"onepassword-secret":         "A3-{U6}-{U11}-{U5}-{U5}-{U5}",
	"oracle-auth":                "{A20}",
	"pinecone":                   "pcsk_{A6}_{A63}",
	"pulumi":                     "pul-{h40}",
	"rubygems":                   "rubygems_{h48}",
	"hetzner":                    "{A64}",
	"hetzner-dns":                "{A32}",
	"hetzner-s3":                 "{A40}",
	"infisical":                  "st.{u}.{h32}.{h32}",
	"infisical-secret":           "{h64}",
	"jenkins":                    "11{h32}",
	"jenkins-old":                "{h32}",
	"bitbucket-access":           "ATCTT3{A100}=0F1E2D3C",
	"bitbucket-password":         "ATBB{A32}",
	"bitbucket-secret":           "{A32}",
	"buildkite":                  "bkua_{a40}",
	"buildkite-agent":            "bkct_{b73}",
	"buildkite-job":              "bkaj_{b150}",
	"buildkite-portal":           "bkpat_{A54}",
	"buildkite-portal-secret":    "bkps_{A64}",
	"buildkite-registry":         "bkpt_{b120}",
	"buildkite-session":          "bkaa_{b75}",
	"buildkite-unclustered":      "bkar_{b73}",
	"circleci":                   "CCIPAT_{A22}_{h40}",
	"circleci-old":               "{h40}",
	"circleci-project":           "CCIPRJ_{A22}_{h40}",
	"cockroachdb":                "CCDB1_{A22}_{A40}",
	"aws-appsync":                "da2-{a26}",
	"aws-bedrock":                "ABSK{B132}",
	"aws-secret":                 "{B40}",
	"azure-alphanumeric":         "{A52}",
	"azure-client-secret":        "{A3}8Q~{A34}",
	"azure-devops":               "{A52}JQQJ99BAA{A11}AAAAAZDO{A4}",
	"azure-hex":                  "{h32}",
	"azure-openai":               "{A52}JQQJ99BAA{A11}AAABACOG{A4}",
	"azure-shared":               "{B43}=",
	"azure-signature":            "{A40}%2B{A2}%3D",
	"azure-storage-old":          "{B86}==",
	"cloudflare":                 "cfut_{A40}{h8}",
	"cloudflare-account":         "cfat_{A40}{h8}",
	"cloudflare-account-id":      "{h32}",
	"cloudflare-global":          "cfk_{A40}{h8}",
	"cloudflare-global-old":      "{h37}",
	"cloudflare-old":             "{b40}",
	"cloudflare-origin":          "v1.0-{h24}-{h146}",
	"cloudflare-r2":              "{h64}",
	"cloudflare-sha":             "{h40}",
	"consul":                     "{u}",
	"consul-gossip":              "{B43}=",
	"convex-admin":               "tall-forest-1234|{h80}",
	"convex-custom":              "custom:tall-forest-1234|{A80}",
	"convex-dev":                 "dev:tall-forest-1234|{A80}",
	"convex-preview-project":     "preview:acme:app|{A80}",
	"convex-prod":                "prod:tall-forest-1234|{A80}",
	"convex-project":             "project:acme:app|{A80}",
	"crates":                     "cio{A32}",
	"databricks":                 "dapi{h32}",
	"databricks-secret":          "{h36}",
	"docker":                     "dckr_pat_{b27}",
	"docker-organization":        "dckr_oat_{b32}",
	"docker-swarm":               "SWMTKN-1-{a50}-{a25}",
	"docker-unlock":              "SWMKEY-1-{B43}",
	"elastic-cloud":              "essu_{A80}",
	"digitalocean":               "dop_v1_{h64}",
	"digitalocean-oauth":         "doo_v1_{h64}",
	"digitalocean-old":           "{h64}",
	"digitalocean-refresh":       "dor_v1_{h64}",
	"digitalocean-spaces":        "{A43}",
	"fly-personal":               "fo1_{b43}",
	"gcp-access":                 "ya29.{b120}",
	"gcp-api":                    "AIzaSy{b33}",
	"gcp-client-secret":          "GOCSPX-{b28}",
	"gcp-client-secret-old":      "{b24}",
	"gcp-key-id":                 "{h40}",
	"gcp-refresh":                "1//0{b90}",
	"github-client-secret":       "{h40}",
	"github-fine-grained":        "github_pat_{A22}_{A59}",
	"github-refresh-long":        "ghr_{A76}",
	"gitlab":                     "glpat-{b20}",
	"gitlab-agent":               "glagent-{b50}",
	"gitlab-deploy":              "gldt-{b20}",
	"gitlab-feed":                "glft-{b20}",
	"gitlab-flags":               "glffct-{b20}",
	"gitlab-job":                 "glcbt-64_{b20}",
	"gitlab-mail":                "glimt-{b25}",
	"gitlab-oauth-secret":        "gloas-{h64}",
	"gitlab-old":                 "{A20}",
	"gitlab-runner":              "glrt-{b20}",
	"gitlab-runner-legacy":       "GR1348941{b20}",
	"gitlab-runner-registration": "glrtr-{b20}",
	"gitlab-scim":                "glsoat-{b20}",
	"gitlab-session":             "{a32}",
	"gitlab-trigger":             "glptt-{h40}",
	"gitlab-workspace":           "glwt-{b24}",
	"heroku":                     "HRKU-AA{b58}",
	"heroku-between":             "HRKU-{u}",
	"heroku-old":                 "{u}",
	"netlify":                    "nfp_{A36}",
	"netlify-hex":                "{h64}",
	"netlify-hook":               "{h24}",
	"netlify-old":                "{b43}",
	"railway":                    "{u}",
	"railway-session":            "{A40}",
	"render":                     "rnd_{A28}",
	"render-hook":                "{A11}",
	"render-service":             "{a20}",
	"vercel":                     "vcp_{b56}",
	"vercel-app":                 "vca_{b56}",
	"vercel-blob":                "vercel_blob_rw_{A16}_{A30}",
	"vercel-gateway":             "vck_{b56}",
	"vercel-hook":                "{A10}",
	"vercel-id":                  "{A28}",
	"vercel-integration":         "vci_{b56}",
	"vercel-old":                 "{A24}",
	"vercel-refresh":             "vcr_{b56}",
}

var infraComputed = map[string]func(r *rand.Rand) string{
	"pgp": func(r *rand.Rand) string {
		return "-----BEGIN PGP PRIVATE " + "KEY BLOCK-----\n\n" + fill(r, strings.Repeat("{B64}\n", 6)) + fill(r, "={B4}") + "\n-----END PGP PRIVATE KEY BLOCK-----"
	},
	"git-crypt": func(r *rand.Rand) string {
		field := func(id byte, value string) string {
			return "\x00\x00\x00" + string(id) + string(binary.BigEndian.AppendUint32(nil, uint32(len(value)))) + value
		}
		entry := field(1, "\x00\x00\x00\x00") + field(3, letters(r, alphabets['A'], 32)) + field(5, letters(r, alphabets['A'], 64)) + "\x00\x00\x00\x00"
		return base64.StdEncoding.EncodeToString([]byte("\x00GITCRYPT" + "KEY\x00\x00\x00\x02\x00\x00\x00\x00" + entry))
	},
	"ssh":           ssh("none", "deploy@acme-staging"),
	"ssh-encrypted": ssh("aes256-ctr", ""),
	"snowflake": func(r *rand.Rand) string {
		return token(r, map[string]any{"iss": "ACME.APP", "sub": "ACME.APP", "exp": 2015000000})
	},
	"turso":          turso(map[string]any{"a": "rw", "iat": 1700000000, "id": tursoDatabase}),
	"turso-names":    turso(map[string]any{"exp": 2015000000, "p": map[string]any{"roa": map[string]any{"ns": []string{"acme-reports"}}, "rw": map[string]any{"ns": []string{"acme-staging"}}}}),
	"turso-both":     turso(map[string]any{"a": "ro", "id": tursoDatabase, "p": map[string]any{"rwa": map[string]any{"ns": []string{"acme-staging"}}}}),
	"turso-tags":     turso(map[string]any{"a": "ro", "p": map[string]any{"rw": map[string]any{"tags": []string{"acme"}}}}),
	"turso-platform": func(r *rand.Rand) string { return token(r, map[string]any{"exp": 2015000000, "kid": fill(r, "{A27}")}) },
	"turso-read":     turso(map[string]any{"a": "ro", "iat": 1700000000, "id": tursoDatabase}),
	"onepassword": func(r *rand.Rand) string {
		return "ops_" + encodeObject(fill(r, `{"signInAddress":"acme.1password.com","userAuth":{"method":"SRPg-4096"},"email":"{a24}@1passwordserviceaccounts.com","srpX":"{h64}","secretKey":"{U32}"}`))
	},
	"onepassword-connect": func(r *rand.Rand) string { return token(r, map[string]any{"iss": "com.1password.b5", "sub": "{u}"}) },
	"pypi":                pypi("pypi.org", pypiUser),
	"pypi-old":            pypi("pypi.org", `{"version":1,"permissions":{"projects":["acme"]}}`),
	"pypi-project":        pypi("pypi.org", `[1,["acme"]]`, pypiUser),
	"pypi-test":           pypi("test.pypi.org", pypiUser),
	"infisical-access": func(r *rand.Rand) string {
		return token(r, map[string]any{"identityId": fill(r, "{u}"), "exp": 2015000000})
	},
	"nomad-identity": func(r *rand.Rand) string {
		return token(r, map[string]any{"nomad_namespace": "staging", "nomad_job_id": "app", "exp": 2015000000})
	},
	"confluent": func(r *rand.Rand) string {
		random := letters(r, alphabets['B'], 54)
		sum := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(random)))
		return "cflt" + random + base64.RawStdEncoding.EncodeToString(sum)
	},
	"crates-publishing": func(r *rand.Rand) string {
		random := letters(r, alphabets['A'], 31)
		var sum byte
		for i := range random {
			sum ^= random[i]
		}
		return "cio_tp_" + random + string((upper + lower + digits)[sum%62])
	},
	"docker-login": func(r *rand.Rand) string { return encodeObject(fill(r, "acme:{A24}")) },
	"elastic":      func(r *rand.Rand) string { return encodeObject(fill(r, "{b20}:{b22}")) },
	"elastic-service": func(r *rand.Rand) string {
		return encodeObject(fill(r, "\x00\x01\x00\x01elastic/fleet-server/acme:{A22}"))
	},
	"akamai-manual":  func(*rand.Rand) string { return "C113nt53KR3TN6N90yVu" + "AgICxIRwsObLi0E67/N8eRN=" },
	"argocd-account": argocd("deployer:apiKey"),
	"argocd-role":    argocd("proj:acme-prod:deployer"),
	"argocd-session": argocd("admin:login"),
	"bitbucket-server": func(r *rand.Rand) string {
		return "BBDC-" + base64.StdEncoding.EncodeToString([]byte("1"+letters(r, digits, 11)+":"+letters(r, alphabets['A'], 20)))
	},
	"aws-id":             awsID("AKIA", 210987654321),
	"aws-session-id":     awsID("ASIA", 29608264753),
	"azure-bus":          azureKey("{B33}+ASb", "Manage00", "="),
	"azure-bus-listen":   azureKey("{B33}+ASb", "Listen00", "="),
	"azure-cosmos":       azureKey("{B76}ACDb", "MastRW00", "=="),
	"azure-cosmos-read":  azureKey("{B76}ACDb", "MastRO00", "=="),
	"azure-devops-old":   azureDevOps,
	"azure-functions":    azureKey("{A44}AzFu", "Master00", "=="),
	"azure-redis":        azureCacheKey,
	"azure-registry":     azureKey("{B42}+ACR", "ACRDflt0", ""),
	"azure-search":       azureKey("{A42}AzSe", "PAdmin00", ""),
	"azure-search-query": azureKey("{A42}AzSe", "Query000", ""),
	"azure-storage":      azureKey("{B76}+ASt", "Default0", "=="),
	// The published keys of emulators, in two parts because scanners know them.
	"azurite": func(*rand.Rand) string {
		return "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1" + "OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
	},
	"cosmos-emulator": func(*rand.Rand) string {
		return "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+" + "4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=="
	},
	"cloudflare-example": func(*rand.Rand) string { return "Sn3lZJTBX6kkg7OdcBUA" + "xOO963GEIyGQqnFTOFYY" }, // of the API's own documents
	"cloudflare-tunnel": func(r *rand.Rand) string {
		claims := `{"a":"0123456789abcdef0123456789abcdef","t":"6ff42ae2-765d-4adf-8112-31c55c1551ef","s":"` + letters(r, alphabets['A'], 48) + `"}`
		return base64.StdEncoding.EncodeToString([]byte(claims))
	},
	"fly":                     flyMacaroons(flyOrganisation(4711, "\x0d", "\x92\x92\x03\x91\x81\xcd\x03\x2f\xcd\xff\xff\x01")),
	"fly-bundle":              flyMacaroons(flyOrganisation(4711), flyDischarge),
	"fly-mutations":           flyMacaroons(flyOrganisation(4711, "\x06", "\x91\x92\xacaddWireGuard\xadpingWireGuard")),
	"fly-organisation":        flyMacaroons(flyOrganisation(4711)),
	"fly-readonly":            flyMacaroons(flyOrganisation(4711, "\x18", "\x92\x1a\x01", "\x1a", "\x01")),
	"fly-several":             flyMacaroons(flyOrganisation(4711), flyOrganisation(4712), flyDischarge),
	"github-classic":          github("ghp_"),
	"github-installation":     github("ghs_"),
	"github-installation-jwt": func(r *rand.Rand) string { return fill(r, "ghs_{d7}_") + token(r, map[string]any{"iss": "github"}) },
	"github-oauth":            github("gho_"),
	"github-refresh":          github("ghr_"),
	"github-user":             github("ghu_"),
	"gitlab-routable-group":   gitlabRoutable("glpat-", "c:1\ng:25\no:1\nu:39u"),
	"gitlab-routable-project": gitlabRoutable("glpat-", "c:1\no:1\np:c291k\nu:39u"),
	"gitlab-routable-runner":  gitlabRoutable("glrt-t3_", "o:1\np:c291k\nt:3"),
	"gitlab-routable-user":    gitlabRoutable("glpat-", "c:1\no:1\nu:39u"),
	"npm":                     github("npm_"),
	"pem":                     privateKey("RSA PRIVATE KEY", "\n"),
	"pem-body":                func(r *rand.Rand) string { return fill(r, strings.Repeat("{B64}", 6)) },
	"pem-json":                privateKey("PRIVATE KEY", `\n`),
	"pem-quoted":              privateKey("PRIVATE KEY", `\\n`),
	"vercel-oidc-custom":      vercelOIDC("qa"),
	"vercel-oidc-preview":     vercelOIDC("preview"),
	"vercel-oidc-production":  vercelOIDC("production"),
}

// argocd makes tokens of an Argo CD server for a subject.
func argocd(subject string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		return token(r, map[string]any{"iss": "argocd", "sub": subject, "iat": 1700000000, "nbf": 1700000000, "jti": fill(r, "{u}")})
	}
}

// awsID makes ids of access keys of an account, which their first six bytes hold in base 32.
func awsID(prefix string, account uint64) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		raw := binary.BigEndian.AppendUint64(nil, 1<<63|account<<23|r.Uint64N(1<<23))
		raw = append(raw, letters(r, alphabets['A'], 2)...)
		return prefix + base32.StdEncoding.EncodeToString(raw)
	}
}

// github makes tokens that end with their checksum, the CRC-32 of the rest in base 62.
func github(prefix string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		random := letters(r, alphabets['A'], 30)
		const base62 = digits + upper + lower
		checksum := make([]byte, 6)
		n := crc32.ChecksumIEEE([]byte(random))
		for i := len(checksum) - 1; i >= 0; i-- {
			checksum[i] = base62[n%62]
			n /= 62
		}
		return prefix + random + string(checksum)
	}
}

// privateKey makes private keys of no algorithm, whose lines end as given.
func privateKey(label, end string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		return "-----BEGIN " + label + "-----" + end + fill(r, strings.Repeat("{B64}"+end, 6)) + "-----END " + label + "-----"
	}
}

// gitlabRoutable makes tokens that say what they belong to.
func gitlabRoutable(prefix, lines string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		payload := base64.RawURLEncoding.EncodeToString([]byte(letters(r, alphabets['A'], 16) + lines + string(rune(len(lines)))))
		signed := prefix + payload + ".01." + base36(uint64(len(payload)), 2)
		return signed + base36(uint64(crc32.ChecksumIEEE([]byte(signed))), 7)
	}
}

// flyMacaroon is the location of a macaroon and its caveats, each a type and a body, in MessagePack.
type flyMacaroon struct {
	location string
	caveats  []string
}

var flyDischarge = flyMacaroon{location: "https://api.fly.io/aaa/v1"}

// flyOrganisation gives every right in an organisation, limited by further caveats.
func flyOrganisation(id uint16, caveats ...string) flyMacaroon {
	return flyMacaroon{"https://api.fly.io/v1", append([]string{"\x00", "\x92\xcd" + string([]byte{byte(id >> 8), byte(id)}) + "\xcd\xff\xff"}, caveats...)}
}

// flyMacaroons makes bundles of macaroons: each an array of nonce, location, caveats and signature.
func flyMacaroons(macaroons ...flyMacaroon) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		bytes := func(n int) string { return "\xc4" + string(rune(n)) + letters(r, alphabets['A'], n) }
		var texts []string
		for _, m := range macaroons {
			raw := "\x94\x93" + bytes(24) + bytes(16) + "\xc2" + "\xd9" + string(rune(len(m.location))) + m.location +
				string([]byte{0x90 | byte(len(m.caveats))}) + strings.Join(m.caveats, "") + bytes(32)
			texts = append(texts, "fm2_"+base64.StdEncoding.EncodeToString([]byte(raw)))
		}
		return strings.Join(texts, ",")
	}
}

// pypiUser is the caveat that limits a token to its owner.
const pypiUser = `[3,"0b6e1fa5-3d0e-4c55-8c9b-5d9d2f5a1c11"]`

// pypi makes macaroons of a registry, with caveats.
func pypi(location string, caveats ...string) func(*rand.Rand) string {
	field := func(kind byte, value string) string { return string([]byte{kind, byte(len(value))}) + value }
	return func(r *rand.Rand) string {
		raw := "\x02" + field(1, location) + field(2, fill(r, "{u}")) + "\x00"
		for _, c := range caveats {
			raw += field(2, c) + "\x00"
		}
		raw += "\x00" + field(6, letters(r, alphabets['A'], 32))
		return "pypi-" + base64.RawURLEncoding.EncodeToString([]byte(raw))
	}
}

const tursoDatabase = "6f2d0a51-8f0c-4c0e-9a53-0d1f2b3c4d5e"

// turso makes tokens of a database.
func turso(claims map[string]any) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		_, rest, _ := strings.Cut(token(r, claims), ".")
		return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","typ":"JWT"}`)) + "." + rest
	}
}

// ssh makes keys in OpenSSH's form, of no curve, with a comment if they are not encrypted.
func ssh(cipher, comment string) func(*rand.Rand) string {
	text := func(s string) string { return string(binary.BigEndian.AppendUint32(nil, uint32(len(s)))) + s }
	return func(r *rand.Rand) string {
		public := text("ssh-ed25519") + text(letters(r, alphabets['A'], 32))
		private := "\x01\x02\x03\x04\x01\x02\x03\x04" + public + text(letters(r, alphabets['A'], 64)) + text(comment) + "\x01\x02\x03"
		raw := "openssh-key-v1\x00" + text(cipher) + text("none") + text("") + "\x00\x00\x00\x01" + text(public) + text(private)
		body := base64.StdEncoding.EncodeToString([]byte(raw))
		var lines string
		for len(body) > 70 {
			lines, body = lines+body[:70]+"\n", body[70:]
		}
		return "-----BEGIN OPENSSH PRIVATE KEY-----\n" + lines + body + "\n-----END OPENSSH PRIVATE KEY-----"
	}
}

// vercelOIDC makes tokens for one environment of a project.
func vercelOIDC(environment string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		return token(r, map[string]any{"iss": "https://oidc.vercel.com/acme", "environment": environment, "project_id": "prj_acme", "owner_id": "team_acme"})
	}
}

// token makes a JSON web token with the claims and a signature of no key.
func token(r *rand.Rand, claims map[string]any) string {
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + encode(payload) + "." + letters(r, alphabets['b'], 86)
}

// base36 writes n in base 36 with at least width digits.
func base36(n uint64, width int) string {
	text := strconv.FormatUint(n, 36)
	return strings.Repeat("0", max(0, width-len(text))) + text
}
