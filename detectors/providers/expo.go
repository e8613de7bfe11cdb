package providers

import "github.com/stagewall/stagewall/detectors"

const (
	expoTokens   = "https://docs.expo.dev/accounts/programmatic-access/"
	expoCommands = "https://github.com/expo/eas-cli/blob/main/packages/eas-cli/src/" // what its program says before it deletes
)

// expo's tokens are a person's or a robot's, and reach every app of their accounts, with what its users get next.
func expo() detectors.Provider {
	const token, shape = "access-token", `[A-Za-z0-9_-]{40}`
	destroy := func(name, file string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Undo: "no undo", Calls: calls, Source: expoCommands + file}
	}
	return detectors.Provider{
		Name:  "expo",
		Title: "Expo",
		Hosts: []string{"api.expo.dev", "exp.host"},
		Rules: []detectors.Rule{
			{
				ID:          "expo-access-token",
				Description: "a token in a variable for Expo's tokens",
				// No document says the form: tokens that were seen are 40 characters.
				Pattern:    assigned(`expo_(?:access_)?token`, shape),
				Group:      1,
				Keywords:   []string{"expo_token", "expo_access_token"},
				Entropy:    3.8,
				Allowlists: []detectors.Allowlist{notAnID(), notAName()},
				Kinds:      []string{token},
			},
			handed("expo", shape, []string{"api.expo.dev", "exp.host"}, 3.8, []string{token}),
			{ID: "expo-host", Description: "a host of Expo's API", Pattern: `\b(?:api\.expo\.dev|exp\.host)\b`, Keywords: []string{"api.expo.dev", "exp.host"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{{
			Name:      token,
			Title:     "access token",
			Scope:     detectors.ScopeAccount,
			Bound:     "every app of its owner's accounts, within a role that it does not show where the owner is a robot",
			AtMost:    detectors.Full,
			Variables: []string{"EXPO_TOKEN", "EXPO_ACCESS_TOKEN"},
			Headers:   []string{"Authorization Bearer"},
			Shape:     shape,
			Cut:       "keep it in the environment of the store from which the release job reads, use a robot with the least role, and revoke this one",
			Source:    expoTokens,
		}},
		Tools: []detectors.Tool{{
			Name: "eas", Needs: detectors.NeedsToken, Aliases: []string{"eas-cli"}, Variables: []string{"EXPO_TOKEN"},
			Selectors: []string{"--profile", "-e", "--environment", "--channel", "--branch"}, Source: expoTokens,
		}},
		Operations: []detectors.Operation{
			destroy("delete a project", "commands/project/delete.ts", "cli eas project:delete", "graphql scheduleAppDeletion"),
			destroy("delete a branch and its updates", "commands/branch/delete.ts", "cli eas branch:delete", "graphql scheduleUpdateBranchDeletion"),
			destroy("delete a channel and its builds", "commands/channel/delete.ts", "cli eas channel:delete", "graphql scheduleUpdateChannelDeletion"),
			destroy("delete a deployment", "commands/deploy/delete.ts", "cli eas deploy:delete", "cli eas worker:delete", "graphql deleteWorkerDeploymentByIdentifier"),
			destroy("delete a variable", "commands/env/delete.ts", "cli eas env:delete", "cli eas secret:delete", "graphql deleteEnvironmentVariable", "graphql deleteEnvironmentSecret"),
			destroy("delete a keystore", "credentials/android/actions/RemoveKeystore.ts", "graphql deleteAndroidKeystore"),
			{
				Name: "delete updates or builds", Does: detectors.Destroy,
				Calls: []string{"cli eas update:delete", "cli eas build:delete", "graphql deleteBuild"}, Source: "https://docs.expo.dev/eas/cli/",
			},
			{
				Name: "publish to users", Does: detectors.Write,
				Calls: []string{
					"cli eas update", "cli eas update:republish", "cli eas update:rollback", "cli eas submit", "cli eas build", "cli eas deploy", "cli eas channel:edit",
					"cli eas env:create", "cli eas env:push",
				},
				Source: "https://docs.expo.dev/eas/cli/",
			},
		},
	}
}
