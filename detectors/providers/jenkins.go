package providers

import "github.com/stagewall/stagewall/detectors"

const (
	jenkinsTokens = "https://www.jenkins.io/doc/book/system-administration/authenticating-scripted-clients/"
	jenkinsStore  = "https://github.com/jenkinsci/jenkins/blob/master/core/src/main/java/jenkins/security/apitoken/ApiTokenStore.java"
	jenkinsAgents = "https://github.com/jenkinsci/jenkins/blob/master/core/src/main/java/jenkins/slaves/JnlpAgentReceiver.java" // an HMAC-SHA256 of its name
	jenkinsCLI    = "https://www.jenkins.io/doc/book/managing/cli/"
	jenkinsAPI    = "https://www.jenkins.io/doc/book/using/remote-access-api/"
)

// jenkins gives a person's token all that the person may do at one controller; who may run a script there can do everything. A token is 11 and 32
// hexadecimal digits, or 32 alone from older servers, known by its variable or as a password at a controller's address.
func jenkins() detectors.Provider {
	const token, agent = "api-token", "agent-secret"
	users := []string{token}
	const body = `11[0-9a-f]{32}`
	return detectors.Provider{
		Name:  "jenkins",
		Title: "Jenkins",
		Rules: []detectors.Rule{
			{
				ID:          "jenkins-api-token",
				Description: "a person's API token, in a variable that says so",
				Pattern:     assigned(`jenkins[A-Za-z0-9_.-]{0,20}(?:token|api[_-]?key|password)`, body+`|[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"jenkins"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       users,
			},
			{
				ID:          "jenkins-basic-token",
				Description: "a person's API token, sent to a controller with the person's name",
				Pattern:     `(?:-u|--user|--auth|-auth|//)[ \t=]*["']?[A-Za-z0-9._-]{1,64}:(` + body + `)` + right,
				Group:       1,
				Keywords:    []string{"jenkins"},
				Entropy:     3,
				Kinds:       users,
			},
			{
				ID:          "jenkins-agent-secret",
				Description: "the secret with which an agent connects",
				Pattern:     assigned(`jenkins[A-Za-z0-9_.-]{0,20}secret|-secret`, `[0-9a-f]{64}`),
				Group:       1,
				Keywords:    []string{"jenkins", "jnlp"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{agent},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "API token",
				Scope:     detectors.ScopeHost,
				Bound:     "one controller, with all that its person may do there, whatever the jobs deploy",
				AtMost:    detectors.Full,
				Variables: []string{"JENKINS_API_TOKEN", "JENKINS_TOKEN", "JENKINS_USER_TOKEN"},
				Shape:     body,
				Cut:       "use a person of its own for staging, who may build staging's jobs only, and revoke this token",
				Source:    jenkinsStore,
			},
			{
				Name:      agent,
				Title:     "agent secret",
				Scope:     detectors.ScopeHost,
				Bound:     "the jobs of one agent, which come with their secrets",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"JENKINS_SECRET", "JENKINS_AGENT_SECRET"},
				Shape:     `[0-9a-f]{64}`,
				Cut:       "give staging's jobs an agent of their own, and make this one anew",
				Source:    jenkinsAgents,
			},
		},
		Tools: []detectors.Tool{{
			Name: "jenkins-cli", Aliases: []string{"jenkins-cli.jar"}, Variables: []string{"JENKINS_API_TOKEN"}, Selectors: []string{"-s"}, Source: jenkinsCLI,
		}},
		Operations: []detectors.Operation{
			{
				Name: "delete a job", Does: detectors.Destroy, Kinds: users,
				Calls:  []string{"http POST /job/*/doDelete", "http POST /job/*/job/*/doDelete", "cli jenkins-cli delete-job", "cli java -jar jenkins-cli.jar delete-job"},
				Source: jenkinsCLI,
			},
			{
				Name: "delete builds", Does: detectors.Destroy, Kinds: users,
				Calls: []string{"http POST /job/*/*/doDelete", "cli jenkins-cli delete-builds"}, Source: jenkinsCLI,
			},
			{
				Name: "delete a node", Does: detectors.Destroy, Kinds: users,
				Calls: []string{"http POST /computer/*/doDelete", "cli jenkins-cli delete-node"}, Source: jenkinsCLI,
			},
			{
				Name: "delete credentials", Does: detectors.Destroy, Kinds: users,
				Calls: []string{"http POST /credentials/store/*/domain/*/credential/*/doDelete", "cli jenkins-cli delete-credentials"}, Source: jenkinsCLI,
			},
			{
				Name: "run a script on the controller", Does: detectors.Admin | detectors.Destroy, Kinds: users,
				Calls: []string{"http POST /scriptText", "http POST /script", "cli jenkins-cli groovy", "cli jenkins-cli groovysh"}, Source: "https://www.jenkins.io/doc/book/managing/script-console/",
			},
			{
				Name: "build", Does: detectors.Write, Kinds: users,
				Calls:  []string{"http POST /job/*/build", "http POST /job/*/buildWithParameters", "http POST /job/*/job/*/build", "http POST /job/*/job/*/buildWithParameters", "cli jenkins-cli build"},
				Source: jenkinsAPI,
			},
		},
	}
}
