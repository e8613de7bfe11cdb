// Package providers is what is known of the services that issue tokens: one file a provider, one function a file, data only.
//
// A file says how the provider's tokens look and where they stand, which kinds there are and what limits each to an environment, what
// a kind may do and which of that cannot be undone, and what a token's own text gives away. A fact that no document of the provider
// states is left out: an empty Undo means that nobody promises one.
//
// Precision is bought with context. A value without a prefix of its own, such as a UUID, is a token only where its variable, its
// header or the host that it is sent to says so.
package providers

import "github.com/stagewall/stagewall/detectors"

// All returns every provider, sorted by name within each of its two lists. The caller owns the result.
func All() []detectors.Provider {
	all := append(infra(), saas()...)
	for i := range all {
		p := &all[i]
		for i := range p.Rules {
			p.Rules[i].Provider = p.Name
		}
		p.Decode = bounded(p.Decode)
	}
	return all
}

// undo is an operation with what its source says of it: for how long it can be undone, and what becomes of backups.
func undo(o detectors.Operation, within, backups string) detectors.Operation {
	o.Undo, o.Backups = within, backups
	return o
}

// bounded keeps a decoder from texts that are longer than any token's, which would only cost time and memory. Nothing is known of these.
func bounded(decode func(string) detectors.Decoded) func(string) detectors.Decoded {
	if decode == nil {
		return nil
	}
	return func(text string) detectors.Decoded {
		if len(text) > longestText {
			return undecodable("")
		}
		return decode(text)
	}
}

// infra lists hosting, clouds and source hosting.
func infra() []detectors.Provider {
	return []detectors.Provider{
		aiven(),
		akamai(),
		ansible(),
		argocd(),
		atlas(),
		aws(),
		azure(),
		backblaze(),
		bitbucket(),
		buildkite(),
		bunny(),
		circleci(),
		civo(),
		cleverCloud(),
		cloudflare(),
		cloudfoundry(),
		cloudsmith(),
		cockroachdb(),
		confluent(),
		consul(),
		convex(),
		crates(),
		databricks(),
		digitalocean(),
		dnsimple(),
		docker(),
		elastic(),
		exoscale(),
		expo(),
		fastly(),
		fly(),
		gcp(),
		github(),
		gitlab(),
		hasura(),
		heroku(),
		hetzner(),
		infisical(),
		jenkins(),
		koyeb(),
		linode(),
		netlify(),
		nexus(),
		ngrok(),
		nomad(),
		ns1(),
		octopus(),
		onepassword(),
		oracle(),
		ovh(),
		pinecone(),
		platformsh(),
		private(),
		pulumi(),
		pypi(),
		rails(),
		railway(),
		render(),
		rubygems(),
		scaleway(),
		scalingo(),
		snowflake(),
		spacelift(),
		tailscale(),
		triggerDev(),
		turso(),
		upcloud(),
		upstash(),
		vault(),
		vercel(),
		vultr(),
	}
}
