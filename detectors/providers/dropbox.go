package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// dropbox limits a token to an app's scopes and, for some apps, to its own folder. Short-lived tokens say so; refresh tokens and those of old hold ten As.
func dropbox() detectors.Provider {
	const access, refresh, secret = "access-token", "refresh-token", "app-secret"
	acting := []string{refresh, access}
	return detectors.Provider{
		Name:  "dropbox",
		Title: "Dropbox",
		Hosts: []string{"api.dropboxapi.com", "content.dropboxapi.com", "notify.dropboxapi.com"},
		Rules: []detectors.Rule{
			{
				ID:          "dropbox-access-token",
				Description: "a short-lived token",
				Pattern:     prefixed(`sl\.(?:u\.)?[0-9A-Za-z_-]{120,1000}`),
				Group:       1,
				Keywords:    []string{"sl."},
				Entropy:     4,
				Kinds:       []string{access},
			},
			{
				ID:          "dropbox-refresh-token",
				Description: "a long-lived token, on a line that names Dropbox",
				Pattern:     beside(`dropbox|\bdbx`, `[0-9A-Za-z_-]{11}AAAAAAAAAA[0-9A-Za-z_-]{30,60}`),
				Group:       1,
				Keywords:    []string{"dropbox", "dbx"},
				Entropy:     3.5,
				Kinds:       []string{refresh},
			},
			{
				ID:          "dropbox-app-secret",
				Description: "a value named as the secret of a Dropbox app",
				Pattern:     assigned(named(`(?:dropbox|\bdbx)`, `(?:app|client)[_-]?secret`), `[0-9a-z]{15}`),
				Group:       1,
				Keywords:    []string{"dropbox", "dbx"},
				Entropy:     2.8,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{secret},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      refresh,
				Title:     "refresh or long-lived token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the files of the person or the team, within scopes that it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"DROPBOX_REFRESH_TOKEN"},
				Cut:       "give staging an app of its own with access to its own folder only, and revoke this token",
				Source:    "https://developers.dropbox.com/oauth-guide",
			},
			{
				Name:      access,
				Title:     "short-lived token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the files of the person or the team, within scopes that it does not show, for hours",
				AtMost:    detectors.Full,
				Variables: []string{"DROPBOX_ACCESS_TOKEN", "DROPBOX_TOKEN"},
				Shape:     `sl\.(?:u\.)?[0-9A-Za-z_-]{120,1000}`,
				Cut:       "keep short-lived tokens out of files",
				Source:    "https://developers.dropbox.com/oauth-guide",
			},
			{
				Name:      secret,
				Title:     "app's secret",
				Scope:     detectors.ScopeAccount,
				Bound:     "an app: with a refresh token it acts for those who gave it",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"DROPBOX_APP_SECRET", "DROPBOX_CLIENT_SECRET"},
				Shape:     `[0-9a-z]{15}`,
				Cut:       "give staging an app of its own",
				Source:    "https://developers.dropbox.com/oauth-guide",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "permanently delete a file or folder", Does: detectors.Destroy, Undo: "no undo", Kinds: acting,
				Calls:  []string{"http POST /2/files/permanently_delete"},
				Source: "https://github.com/dropbox/dropbox-api-spec/blob/main/files.stone",
			},
			{
				Name: "delete a file or folder", Does: detectors.Destroy, Kinds: acting,
				Calls:  []string{"http POST /2/files/delete_v2", "http POST /2/files/delete_batch"},
				Source: "https://www.dropbox.com/developers/documentation/http/documentation#files-delete",
			},
			{
				Name: "permanently delete a team folder", Does: detectors.Destroy, Undo: "no undo", Kinds: acting,
				Calls:  []string{"http POST /2/team/team_folder/permanently_delete"},
				Source: "https://github.com/dropbox/dropbox-api-spec/blob/main/team.stone",
			},
			{
				Name: "remove or add team members", Does: detectors.Admin, Kinds: acting,
				Calls:  []string{"http POST /2/team/members/remove", "http POST /2/team/members/add_v2"},
				Source: "https://www.dropbox.com/developers/documentation/http/teams#team-members-remove",
			},
		},
		Decode: func(text string) detectors.Decoded {
			if strings.HasPrefix(text, "sl.") {
				return detectors.Decoded{Kind: access}
			}
			return detectors.Decoded{}
		},
	}
}
