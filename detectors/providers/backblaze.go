package providers

import "github.com/stagewall/stagewall/detectors"

const (
	backblazeKeys     = "https://www.backblaze.com/docs/cloud-storage-application-keys"
	backblazeAPI      = "https://www.backblaze.com/apidocs/introduction-to-the-b2-native-api"
	backblazeCommands = "https://github.com/Backblaze/B2_Command_Line_Tool/blob/master/b2/_internal/console_tool.py"
)

// backblaze knows the application keys of B2, the master key among them: nothing in a key says whether it is that, or for which buckets it was made.
func backblaze() detectors.Provider {
	const key, shape = "application-key", `[A-Za-z0-9+/]{31}|[0-9a-f]{42}`
	destroy := func(name, within string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Undo: within, Calls: calls, Source: backblazeCommands}
	}
	return detectors.Provider{
		Name:  "backblaze",
		Title: "Backblaze B2",
		Hosts: []string{"api.backblazeb2.com", ".backblazeb2.com"},
		Rules: []detectors.Rule{{
			ID:          "backblaze-application-key",
			Description: "an application key in a variable for Backblaze's keys",
			// The long form is that of the quick start's example; no document says the short one, which keys that were seen have.
			Pattern:    assigned(`\bb2_(?:application|account)_key|backblaze[A-Za-z0-9_.-]{0,20}(?:application|app|api|access|secret)[_-]?key`, shape),
			Group:      1,
			Keywords:   []string{"b2_application_key", "b2_account_key", "backblaze"},
			Entropy:    3,
			Allowlists: []detectors.Allowlist{notAnID(), notAName(), notAPath()},
			Kinds:      []string{key},
		}},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "application key",
			Scope:     detectors.ScopeAccount,
			Bound:     "every bucket of the account, or those that it was made for, which it does not show: the master key may do all",
			AtMost:    detectors.Full,
			Variables: []string{"B2_APPLICATION_KEY", "B2_ACCOUNT_KEY"}, // the second is restic's: https://restic.readthedocs.io/en/stable/030_preparing_a_new_repo.html
			Shape:     shape,
			Partners:  []detectors.Partner{{Title: "key id", Variables: []string{"B2_APPLICATION_KEY_ID", "B2_ACCOUNT_ID"}, Shape: `[0-9a-f]{12,25}`, Needed: true}},
			Cut:       "make a key for staging's bucket with the capabilities that the work needs, and delete this one",
			Source:    backblazeKeys,
		}},
		Tools: []detectors.Tool{
			{Name: "b2", Needs: detectors.NeedsToken, Aliases: []string{"b2v3", "b2v4"}, Variables: []string{"B2_APPLICATION_KEY"}, Source: backblazeCommands},
			{Name: "restic", Variables: []string{"B2_ACCOUNT_KEY"}, Selectors: []string{"--repo", "-r"}, Source: "https://restic.readthedocs.io/en/stable/030_preparing_a_new_repo.html"},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"B2_APPLICATION_KEY"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/Backblaze/b2/latest/docs",
			},
		},
		Operations: []detectors.Operation{
			destroy("delete versions of files", "no undo", "http POST /b2api/*/b2_delete_file_version", "cli b2 delete-file-version", "cli b2 rm", "sdk deleteFileVersion"),
			destroy("delete what a folder lacks", "", "cli b2 sync --delete"),
			destroy("delete a bucket", "", "http POST /b2api/*/b2_delete_bucket", "cli b2 bucket delete", "cli b2 delete-bucket", "sdk deleteBucket"),
			{
				Name: "forget snapshots of restic", Does: detectors.Destroy, DeletesBackups: true,
				Calls: []string{"cli restic forget", "cli restic prune"}, Source: "https://restic.readthedocs.io/en/stable/060_forget.html",
			},
			{
				Name: "make keys", Does: detectors.Admin,
				Calls:  []string{"http POST /b2api/*/b2_create_key", "cli b2 key create", "cli b2 create-key"},
				Source: "https://www.backblaze.com/docs/cloud-storage-application-key-capabilities",
			},
			{
				Name: "upload or hide files", Does: detectors.Write,
				Calls: []string{
					"http POST /b2api/*/b2_upload_file/**", "http POST /b2api/*/b2_hide_file", "http POST /b2api/*/b2_update_bucket", "cli b2 file upload", "cli b2 upload-file",
					"cli b2 file hide", "cli b2 hide-file", "cli b2 sync", "cli b2 bucket update", "cli b2 update-bucket",
				},
				Source: backblazeAPI,
			},
		},
	}
}
