package ansible

import (
	"bytes"
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// ConfigFile is the name of Ansible's own settings, which are those of the folder where it works.
const ConfigFile = "ansible.cfg"

// Roles is the name of the program that sets the names of the folders in which roles lie.
const Roles = "roles"

// config reads in which folders roles lie, and where the passwords of vaults come from, of a file in the form of INI files.
//
//	https://docs.ansible.com/projects/ansible/latest/reference_appendices/config.html#default-roles-path
//	https://docs.ansible.com/projects/ansible/latest/reference_appendices/config.html#default-vault-password-file
//	https://docs.ansible.com/projects/ansible/latest/reference_appendices/config.html#default-vault-identity-list
func config(pass *analyzers.Pass) {
	var steps []analyzers.Step
	roles := analyzers.Program{Name: Roles, At: pass.At(0, 1)}
	section, at := "", 0
	for line := range bytes.Lines(pass.Data) {
		place := pass.At(at, at+len(bytes.TrimRight(line, "\r\n")))
		at += len(line)
		text := strings.TrimSpace(string(line))
		name, value, ok := strings.Cut(text, "=")
		switch {
		case text == "" || text[0] == '#' || text[0] == ';':
		case text[0] == '[':
			section = strings.Trim(text, "[]")
		case ok && section == "defaults" && strings.TrimSpace(name) == "roles_path":
			for folder := range strings.SplitSeq(value, ":") {
				if folder = strings.TrimSpace(folder); !path.IsAbs(folder) && !strings.HasPrefix(folder, "~") {
					roles.Steps = append(roles.Steps, analyzers.Step{Op: analyzers.OpSet, At: place, Name: path.Join(path.Dir(pass.Path), folder)})
				}
			}
		case ok && section == "defaults" && (strings.TrimSpace(name) == "vault_password_file" || strings.TrimSpace(name) == "vault_identity_list"):
			for source := range strings.SplitSeq(value, ",") {
				if file := VaultSource(source); file != "" {
					file := analyzers.Literal(path.Join(path.Dir(pass.Path), file), place)
					steps = append(steps, AsksVault(file)...)
				}
			}
		}
	}
	if len(roles.Steps) > 0 {
		pass.Facts.Programs = append(pass.Facts.Programs, roles)
	}
	if len(steps) > 0 {
		pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{At: pass.At(0, 1), Steps: steps})
	}
}

// VaultSource returns the file that a vault's password is from, whose label may stand before it; "" if it is asked for, or lies elsewhere.
func VaultSource(text string) string {
	text = strings.TrimSpace(text[strings.LastIndexByte(text, '@')+1:])
	if text == "prompt" || text == "prompt_ask_vault_pass" || path.IsAbs(text) || strings.HasPrefix(text, "~") {
		return ""
	}
	return text
}

// AsksVault returns the steps by which the password of a vault is read: a file that can be executed prints it.
func AsksVault(file analyzers.Value) []analyzers.Step {
	return []analyzers.Step{
		{Op: analyzers.OpOpen, At: file.At, File: &file, Optional: true, Says: "reads the password of a vault"},
		{Op: analyzers.OpRun, At: file.At, Ref: &analyzers.Ref{Path: file}, Optional: true, Says: "asks it for the password of a vault"},
	}
}
