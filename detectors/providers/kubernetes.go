package providers

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	kubernetesTokens = "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/"
	kubernetesUsers  = "https://kubernetes.io/docs/reference/access-authn-authz/authentication/"
	kubernetesRBAC   = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/"
	kubernetesAPI    = "https://kubernetes.io/docs/reference/using-api/api-concepts/"
)

const (
	kubernetesCertificate = "client-certificate"
	kubernetesUser        = "user-token"
	kubernetesBootstrap   = "bootstrap-token"
	kubernetesAccount     = "service-account-token"
)

// kubernetes knows what opens a cluster. A service account's token names its namespace and its cluster; a certificate's key belongs to the
// cluster that the same file names; what either may do is written in the cluster, but for the one group that may do everything.
func kubernetes() detectors.Provider {
	jwt := []string{"c3lzdGVtOnNlcnZpY2VhY2NvdW50O", "N5c3RlbTpzZXJ2aWNlYWNjb3VudD", "zeXN0ZW06c2VydmljZWFjY291bnQ6"} // system:serviceaccount:
	const (
		data       = `["']?[ \t]*:[ \t]*["']?`
		key        = `client-key-data` + data + `[A-Za-z0-9+/]{100,}={0,2}`
		kubeconfig = `(?:^|/)(?:\.kube/[^/]+|[^/]*kube-?config[^/]*|admin\.conf)$`
	)
	return detectors.Provider{
		Name:  "kubernetes",
		Title: "Kubernetes",
		Rules: []detectors.Rule{
			{
				ID:          "kubernetes-service-account-token",
				Description: "a service account's token",
				Pattern:     prefixed(jwtWith(jwt...)),
				Group:       1,
				Keywords:    lowerAll(jwt),
				Kinds:       []string{kubernetesAccount},
			},
			{
				ID:          "kubernetes-client-certificate",
				Description: "a client certificate and its key in a kubeconfig",
				Pattern:     `client-certificate-data` + data + `([A-Za-z0-9+/]{100,}={0,2}["']?,?\s+["']?` + key + `)`,
				Group:       1,
				Keywords:    []string{"client-key-data"},
				Kinds:       []string{kubernetesCertificate},
			},
			{
				ID:          "kubernetes-client-key",
				Description: "a client certificate's key in a kubeconfig",
				Pattern:     `client-key-data` + data + `([A-Za-z0-9+/]{100,}={0,2})`,
				Group:       1,
				Keywords:    []string{"client-key-data"},
				Kinds:       []string{kubernetesCertificate},
				Generic:     true, // the certificate beside it says more
			},
			{
				ID:          "kubernetes-user-token",
				Description: "a user's token in a kubeconfig",
				Pattern:     `(?m)(?:^|[{,])[ \t]*["']?(?:token|id-token|access-token)["']?[ \t]*:[ \t]*["']?([A-Za-z0-9+/=._~-]{16,})["']?[ \t]*(?:[,}][^\n]*)?\r?$`,
				Group:       1,
				Keywords:    []string{"token"},
				Path:        kubeconfig,
				Entropy:     3,
				Kinds:       []string{kubernetesUser},
			},
			{
				ID:          "kubernetes-config-token",
				Description: "a user's token in a kubeconfig of another name",
				Pattern:     `(?m)(?:^|[{,])[ \t]*["']?(?:token|id-token|access-token)["']?[ \t]*:[ \t]*["']?([A-Za-z0-9+/=._~-]{16,})["']?[ \t]*(?:[,}][^\n]*)?\r?$`,
				Group:       1,
				Keywords:    []string{"contexts"},
				Entropy:     3,
				Required:    []detectors.Required{{Rule: "kubernetes-config"}},
				Kinds:       []string{kubernetesUser},
			},
			{
				ID:          "kubernetes-config",
				Description: "the contexts of a kubeconfig, which name a cluster and a user",
				Pattern:     `\bcontexts["']?[ \t]*:(?:[\s\[{-]|#[^\n]*\n)*(?:["']?name["']?[ \t]*:[^,\n]*[,\s]*)?["']?context["']?[ \t]*:`,
				Keywords:    []string{"contexts"},
				SkipReport:  true,
			},
			{
				ID:          "kubernetes-openshift-token",
				Description: "an OpenShift user's token",
				Pattern:     prefixed(`sha256~[A-Za-z0-9_-]{43}`),
				Group:       1,
				Keywords:    []string{"sha256~"},
				Entropy:     3.5,
				Kinds:       []string{kubernetesUser},
			},
			{
				ID:          "kubernetes-bootstrap-token",
				Description: "a token with which a node joins a cluster",
				Pattern:     `\bkubeadm[ \t](?:[^\n]|\\\r?\n)*?--token[= \t]+["']?([a-z0-9]{6}\.[a-z0-9]{16})` + right,
				Group:       1,
				Keywords:    []string{"kubeadm"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{{Description: "the manual's example", StopWords: []string{"abcdef.0123456789abcdef", "abcdef.1234567890abcdef"}}},
				Kinds:       []string{kubernetesBootstrap},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:   kubernetesCertificate,
				Title:  "client certificate",
				Scope:  detectors.ScopeHost,
				Bound:  "the cluster at the kubeconfig's server; it cannot be revoked before it expires",
				AtMost: detectors.UnknownPower,
				Cut:    "let people and jobs log in through an identity provider, and give staging a cluster or a namespace of its own",
				Source: kubernetesUsers,
			},
			{
				Name:   kubernetesUser,
				Title:  "user token",
				Scope:  detectors.ScopeHost,
				Bound:  "the cluster that it is sent to",
				AtMost: detectors.UnknownPower,
				Flags:  []string{"token"},
				Shape:  `sha256~[A-Za-z0-9_-]{43}`,
				Cut:    "let people and jobs log in through an identity provider, and log this session out",
				Source: kubernetesUsers,
			},
			{
				Name:   kubernetesBootstrap,
				Title:  "bootstrap token",
				Scope:  detectors.ScopeHost,
				Bound:  "the cluster that the node joins",
				AtMost: detectors.Read | detectors.Write,
				Cut:    "make a bootstrap token when a node joins, with a short life, and delete this one",
				Source: "https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/",
			},
			{
				Name:   kubernetesAccount,
				Title:  "service account token",
				Scope:  detectors.ScopeClaims,
				Bound:  "its namespace, unless a ClusterRoleBinding gives it more",
				AtMost: detectors.UnknownPower,
				// A login of automation to OpenShift is a service account's: https://github.com/redhat-actions/oc-login#getting-started-with-the-action
				Flags:     []string{"token"},
				Variables: []string{"KUBE_TOKEN", "KUBERNETES_TOKEN", "K8S_TOKEN", "OPENSHIFT_TOKEN", "OC_TOKEN"},
				Cut:       "bind staging's service account in staging's namespace only, and delete this token's Secret",
				Source:    kubernetesTokens,
			},
		},
		Tools: []detectors.Tool{
			{
				Name: "kubectl", Needs: detectors.NeedsIdentity,
				Aliases:   []string{"oc"},
				Variables: []string{"KUBECONFIG"},
				Selectors: []string{"--namespace", "-n", "--context", "--cluster", "--server", "-s", "--kubeconfig"},
				Source:    "https://kubernetes.io/docs/reference/kubectl/",
			},
			{
				Name: "helm", Needs: detectors.NeedsIdentity,
				Aliases:   []string{"helmfile"},
				Variables: []string{"KUBECONFIG", "HELM_KUBETOKEN"},
				Selectors: []string{"--namespace", "-n", "--kube-context", "--kube-apiserver", "--kubeconfig", "--environment", "-e"},
				Source:    "https://helm.sh/docs/helm/helm/",
			},
		},
		Containers: []detectors.Container{
			{Variable: "KUBE_NAMESPACE", Names: true, What: "environment"},
			{Variable: "HELM_NAMESPACE", Names: true, What: "environment"},
		},
		// Methods of libraries: https://github.com/kubernetes-client/python/blob/master/kubernetes/README.md
		// https://pkg.go.dev/k8s.io/client-go/kubernetes/typed/core/v1
		Operations: []detectors.Operation{
			{
				Name: "delete a namespace", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /api/v1/namespaces/*", "sdk delete_namespace", "sdk namespaces.delete", "cli kubectl delete namespace", "cli kubectl delete namespaces", "cli kubectl delete ns",
					"cli oc delete project", "cli oc delete namespace",
				},
				Source: "https://kubernetes.io/docs/tasks/administer-cluster/namespaces/",
			},
			{
				Name: "delete a volume", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /api/v1/persistentvolumes/*", "sdk delete_persistent_volume", "sdk delete_namespaced_persistent_volume_claim", "sdk persistentVolumes.delete", "sdk persistentVolumeClaims.delete", "http DELETE /api/v1/namespaces/*/persistentvolumeclaims/*",
					"cli kubectl delete pv", "cli kubectl delete pvc", "cli kubectl delete persistentvolume", "cli kubectl delete persistentvolumeclaim",
				},
				Source: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#delete",
			},
			{
				Name: "delete a custom resource definition", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /apis/apiextensions.k8s.io/v1/customresourcedefinitions/*", "sdk delete_custom_resource_definition",
					"cli kubectl delete crd", "cli kubectl delete customresourcedefinition",
				},
				Source: "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#delete-a-customresourcedefinition",
			},
			{
				Name: "delete objects", Does: detectors.Destroy,
				Calls:  []string{"cli kubectl delete", "cli oc delete"},
				Source: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_delete/",
			},
			{
				Name: "uninstall a release", Does: detectors.Destroy,
				Calls:  []string{"cli helm uninstall", "cli helm delete", "cli helmfile destroy"},
				Source: "https://helm.sh/docs/helm/helm_uninstall/",
			},
			{
				Name: "delete a backup", Does: detectors.Destroy, DeletesBackups: true,
				Calls:  []string{"cli velero backup delete", "cli velero delete backup", "cli velero schedule delete"},
				Source: "https://velero.io/docs/main/backup-reference/",
			},
			{
				Name: "apply objects", Does: detectors.Write,
				Calls:  []string{"cli kubectl apply", "cli kubectl create", "cli kubectl replace", "cli kubectl scale", "cli helm install", "cli helm upgrade"},
				Source: kubernetesAPI,
			},
			{
				Name: "give rights", Does: detectors.Admin,
				Calls: []string{
					"cli kubectl create clusterrolebinding", "cli kubectl create rolebinding", "cli kubectl create token",
					"http POST /apis/rbac.authorization.k8s.io/v1/clusterrolebindings", "http POST /api/v1/namespaces/*/serviceaccounts/*/token",
				},
				Source: kubernetesRBAC,
			},
		},
		Decode: decodeKubernetes,
	}
}

// decodeKubernetes reads a service account's namespace, and whether a certificate's group is the one that no role limits.
func decodeKubernetes(secret string) detectors.Decoded {
	if certificate, _, ok := strings.Cut(secret, "client-key-data"); ok {
		return decodeCertificate(certificate)
	}
	var c struct {
		Iss, Sub  string
		Exp       any
		Namespace string `json:"kubernetes.io/serviceaccount/namespace"` // of tokens in Secrets
		Bound     struct {
			Namespace string `json:"namespace"`
		} `json:"kubernetes.io"`
	}
	if !claims(secret, &c) {
		return detectors.Decoded{}
	}
	subject, ok := strings.CutPrefix(c.Sub, "system:serviceaccount:")
	if !ok {
		return detectors.Decoded{}
	}
	d := detectors.Decoded{Kind: kubernetesAccount}
	namespace, account, _ := strings.Cut(subject, ":")
	if c.Bound.Namespace != "" {
		namespace = c.Bound.Namespace
	} else if c.Namespace != "" {
		namespace = c.Namespace
	}
	d.IDs = []detectors.ID{{What: "namespace", Value: namespace}, {What: "service-account", Value: namespace + "/" + account}}
	says := "the token's claims say the service account " + account + " of the namespace " + namespace
	if c.Iss != "" && c.Iss != "kubernetes/serviceaccount" {
		says += ", issued by " + c.Iss // no id: the issuers of managed clusters hold words that are their vendor's, such as prod-aks
	}
	d.Evidence = []detectors.Evidence{{About: "reach", Says: says, Source: kubernetesTokens}}
	return untilClaim(d, c.Exp)
}

// decodeCertificate reads a client's certificate in base 64: whose it is, until when it lasts, and whether its group is system:masters.
func decodeCertificate(text string) detectors.Decoded {
	text = strings.TrimRight(text, " \t\r\n,\"'")
	certificate, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return detectors.Decoded{}
	}
	d := detectors.Decoded{Kind: kubernetesCertificate}
	c, ok := readCertificate(certificate)
	if ok && slices.Contains(c.subject.Organization, "system:masters") {
		d.AtMost, d.Exact = detectors.Full, true
		d.Evidence = []detectors.Evidence{{About: "privilege", Says: "the certificate's group is system:masters, which no role limits", Source: kubernetesRBAC}}
	}
	if ok {
		d = c.says(d)
	}
	return d
}
