package environ

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// Host returns the environments that a host's name binds to, by whole words of its labels: stg.acme.com, db-prod.internal. A port may
// follow. The registered domain itself counts only if it has several words (acme-staging.com, not live.com), the top level never.
// Addresses, localhost (a tunnel can end anywhere) and the names of vendors' own installations say nothing.
func Host(h string) detectors.Environment { return union(HostCues(h)) }

// HostCues returns the words behind [Host], with spans in h.
func HostCues(h string) []Cue {
	name := strings.TrimSuffix(h, ".")
	if port := strings.LastIndexByte(name, ':'); port >= 0 {
		name = name[:port]
	}
	if name == "" || len(name) > longest || strings.IndexByte(name, ':') >= 0 || vendor(name) {
		return nil
	}
	labels := strings.Count(name, ".") + 1
	last := name[strings.LastIndexByte(name, '.')+1:]
	if trimDigits([]byte(last)) == 0 {
		return nil // an IPv4 address
	}
	counted := labels
	bare := 0 // labels before this index count whole, the registered domain at it by its words only
	if labels > 1 {
		counted = labels - topLevels(name)
		bare = counted - 1
		if private[strings.ToLower(last)] {
			bare = counted
		}
	} else {
		bare = 1
	}
	if meaning, ok := vendorEnvironment(name); ok {
		return []Cue{{Word: name, Span: detectors.Span{End: len(name)}, Environments: meaning}}
	}
	var cues []Cue
	offset, i := 0, 0
	for label := range strings.SplitSeq(name, ".") {
		if i < counted && (i < bare || strings.ContainsAny(label, "-_")) {
			cues = append(cues, labelCues(label, offset)...)
		}
		offset += len(label) + 1
		i++
	}
	return withoutPurpose(cues)
}

// labelCues leaves out a lone "live", which is a word for broadcasting.
func labelCues(label string, offset int) []Cue {
	if strings.EqualFold(label, "live") {
		return nil
	}
	return find(label, inHost, offset, false)
}

// topLevels returns how many labels at the end are no registered domain's: 2 for co.uk and the like.
func topLevels(name string) int {
	labels := strings.Split(name, ".")
	if n := len(labels); n > 2 && len(labels[n-1]) == 2 {
		switch labels[n-2] {
		case "co", "com", "net", "org", "gov", "ac", "edu":
			return 2
		}
	}
	return 1
}

// private are top levels below which everything is somebody's own.
var private = set("internal", "local", "lan", "corp", "private", "intranet", "svc", "cluster", "home", "consul", "localdomain", "intra")

// sandboxes are hosts by which vendors tell the environments of their customers apart, without saying so in a word.
var sandboxes = []struct {
	host         string // and all hosts below it
	environments detectors.Environment
}{
	{"api-m.paypal.com", production}, // https://developer.paypal.com/api/rest/requests/
	{"api.paypal.com", production},
	{"connect.squareup.com", production}, // https://developer.squareup.com/docs/build-basics/access-tokens
	{"squareupsandbox.com", test},
	{"oktapreview.com", nonProduction | preview}, // https://developer.okta.com/docs/concepts/okta-organizations/
	{"api.braintreegateway.com", production},     // https://developer.paypal.com/braintree/docs/start/go-live
	{"payments.braintree-api.com", production},
	{"login.salesforce.com", production}, // https://help.salesforce.com/s/articleView?id=sf.deploy_sandboxes_parent.htm
	{"api.checkout.com", production},     // https://www.checkout.com/docs/developer-resources/testing
}

func vendorEnvironment(name string) (detectors.Environment, bool) {
	name = strings.ToLower(name)
	for _, s := range sandboxes {
		if name == s.host || strings.HasSuffix(name, "."+s.host) {
			return s.environments, true
		}
	}
	return 0, false
}

// vendors are domains below which environment words are the vendor's: names of its own installations and products.
var vendors = []string{
	"letsencrypt.org",    // acme-staging-v02.api.letsencrypt.org, https://letsencrypt.org/docs/staging-environment/
	"grafana.net",        // logs-prod-us-east-0.grafana.net: a region
	"prod-aks.azure.com", // oic.prod-aks.azure.com: the issuer of AKS clusters
	"logic.azure.com",    // prod-12.westeurope.logic.azure.com: a region's installation
	"dev.azure.com",      // Azure DevOps
	"outlook.com",        // *.prod.outlook.com
	"k8s.io",             // staging registries
	"gcr.io",             // staging-k8s.gcr.io
	"live.com",           // login.live.com
	"pinecone.io",        // regions
	"packages.cloud.google.com",
	"dev.mysql.com",
	"live.sysinternals.com",
	"msedge.net",
	"oss.sonatype.org",
}

func vendor(name string) bool {
	name = strings.ToLower(name)
	for _, v := range vendors {
		if name == v || strings.HasSuffix(name, v) && name[len(name)-len(v)-1] == '.' {
			return true
		}
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}
