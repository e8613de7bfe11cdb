package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/ansible"
	"github.com/stagewall/stagewall/analyzers/internal/extravars"
	"github.com/stagewall/stagewall/detectors"
)

// opens makes the content of a file read, or what stands in it under some keys.
func (r *reader) opens(file word, keys ...analyzers.Named) {
	r.emit(r.opening(file, keys)...)
}

// opening returns the step that reads a file, if it is one.
func (r *reader) opening(file word, keys []analyzers.Named) []analyzers.Step {
	if text := file.head(); text == "-" || strings.HasPrefix(text, "/dev/") || file.printed != nil || len(file.value.Parts) == 0 {
		return nil
	}
	return []analyzers.Step{{Op: analyzers.OpOpen, At: file.value.At, File: new(r.below(file.value)), Named: keys, Optional: true}}
}

// copies writes what is read, unchanged.
func (r *reader) copies(c command) {
	if r.out == nil {
		return
	}
	r.write(r.in.value)
	r.out.files = append(r.out.files, r.in.files...)
	r.keeps(c, r.out)
}

// keeps notes that what a command reads is written to a file, as it is or in another form.
func (r *reader) keeps(c command, file *stream) {
	if !file.keeps() || len(r.in.value.Parts) == 0 {
		return
	}
	v := r.in.value
	if v.At.Line == 0 {
		v.At = c.at
	}
	for _, line := range r.mentioning(v) {
		r.emit(analyzers.Step{Op: analyzers.OpUse, At: line.At, Value: line, Sink: &detectors.Sink{Tool: "cat"}})
	}
}

// tees reads tee: what it reads goes to files as well.
func (r *reader) tees(c command, operands []word) {
	if r.in == nil {
		return
	}
	for _, o := range operands {
		file := &stream{value: r.in.value, to: written(o.value)}
		r.saves(file)
		r.keeps(c, file)
	}
	r.copies(c)
}

// pathOf reads programs that print a path or a part of one.
func (r *reader) pathOf(c command) {
	_, operands := options(c.args(), "", false)
	if len(operands) == 0 {
		return
	}
	value := operands[0].value
	text, known := r.resolve(value)
	switch {
	case !known || strings.Contains(text, "://"):
		r.filterValue(c.at, value)
		return
	case tool(c.name()) == "dirname":
		text = path.Dir(text)
	case tool(c.name()) == "basename":
		text = path.Base(text)
		if len(operands) > 1 {
			text = strings.TrimSuffix(text, operands[1].text)
		}
	case !path.IsAbs(text) && r.dir != "" && text != r.pass.Path:
		text = path.Join(r.dir, text)
	}
	r.write(analyzers.Value{At: c.at, Parts: synthetic(text)})
}

// git reads git, of which only the root of the checkout is of interest: it is a path.
func (r *reader) git(c command) {
	for _, w := range c.args() {
		if w.text == "--show-toplevel" {
			r.write(analyzers.Value{At: c.at, Parts: synthetic(".")})
			return
		}
	}
	for _, s := range c.sets { // https://git-scm.com/docs/git#Documentation/git.txt-codeGITSSHCOMMANDcode
		if s.Name == "GIT_SSH_COMMAND" {
			r.shell(command{at: c.at}, r.inside(word{value: s.Value}), nil)
		}
	}
	r.call(c)
}

// overSSH reads what programs that copy over ssh hand to it: a key's file, and a command line of its own.
// https://man.openbsd.org/scp#i https://download.samba.org/pub/rsync/rsync.1#opt--rsh
func (r *reader) overSSH(c command) {
	switch tool(c.name()) {
	case "scp", "sftp":
		found, _ := options(c.args(), "-i -F -o -P -c -J -l -S -D -X -b -B -R -s", false)
		for _, file := range all(found, "-i -F") {
			r.opens(file)
		}
	case "rsync":
		found, _ := options(c.args(), "-e --rsh", true)
		for _, through := range all(found, "-e --rsh") {
			r.shell(c, r.inside(through), nil)
		}
	}
}

// external reads a command of which nothing is known: it is called, and the files that it is given are read by it.
func (r *reader) external(c command) {
	if tool(c.name()) == "kamal" && r.kamal(c) {
		return
	}
	if !r.lookup(c) {
		r.filterCall(c)
	}
	r.openArguments(c)
	r.openFolders(c)
	r.overSSH(c)
	r.call(c)
}

const ansibleFlags = flags("-i --inventory --inventory-file -l --limit -e --extra-vars -u --user -t --tags --skip-tags -f --forks -m --module-name -a --args " +
	"--vault-password-file --vault-id --private-key --key-file -c --connection -M --module-path --start-at-task -T --timeout")

// openFolders makes the files read that a program finds by itself in a folder that it is given: the values of a chart of Helm, the variables
// beside an inventory or a playbook of Ansible, and Terraform's configuration and variables in its folder, to which the files of variables that it
// is given are relative, and what helmfile, terragrunt, pulumi and sam find. https://developer.hashicorp.com/terraform/cli/commands#switching-working-directory-with-chdir
// https://helm.sh/docs/chart_template_guide/values_files/
// https://docs.ansible.com/projects/ansible/latest/inventory_guide/intro_inventory.html#organizing-host-and-group-variables
func (r *reader) openFolders(c command) {
	switch tool(c.name()) {
	case "helm":
		r.helm(c)
	case "helmfile":
		r.helmfile(c)
	case "terragrunt":
		r.terragrunt(c)
	case "pulumi":
		r.pulumi(c)
	case "wrangler":
		r.wrangler(c)
	case "terraform", "tofu":
		r.terraform(c)
	case "aws", "sam":
		r.cloudformation(c)
	case "ansible-playbook", "ansible":
		found, operands := options(c.args(), ansibleFlags, true)
		folders := []word{}
		for _, o := range found {
			if (o.name == "-i" || o.name == "--inventory" || o.name == "--inventory-file") && !strings.Contains(o.value.head(), ",") && o.value.head() != "" {
				folders = append(folders, o.value)
				if strings.Contains(o.value.text, "/") {
					folders = append(folders, above(o.value))
				}
			}
		}
		if _, reads := last(found, "--syntax-check --list-hosts --list-tasks --list-tags"); reads {
			return // it runs nothing
		}
		settings := analyzers.Ref{Path: analyzers.Value{At: c.at, Parts: synthetic(ansible.ConfigFile)}}
		settings.Path = r.below(settings.Path)
		r.emit(analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: &settings, Optional: true, Says: "runs with these settings"})
		for _, w := range all(found, "--vault-password-file --vault-pass-file --vault-id") {
			if file := ansible.VaultSource(w.text); file != "" {
				r.emit(ansible.AsksVault(r.file(file, w.value.At))...)
			}
		}
		for _, w := range operands {
			if tool(c.name()) == "ansible-playbook" && w.literal {
				folders = append(folders, above(w))
				plays := analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: &analyzers.Ref{Path: r.below(w.value)}, Optional: true, Says: "runs the playbook"}
				r.emit(analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: append(extraVariables(found), plays)})
			}
		}
		for _, folder := range folders {
			for _, variables := range [...]string{"group_vars", "host_vars"} { // file by file: those of other environments' groups are left out
				file := joined(below(folder, variables), every(analyzers.EveryOwn, ""))
				for _, file := range []word{file, joined(file, every(analyzers.EveryOwn, ""))} {
					r.emit(analyzers.Step{Op: analyzers.OpMount, At: folder.value.At, File: new(r.below(file.value)), Optional: true})
				}
			}
		}
	}
}

// extraVariables returns the steps by which a playbook is given variables as "name=value name=value".
// https://docs.ansible.com/projects/ansible/latest/playbook_guide/playbooks_variables.html#key-value-format
func extraVariables(found []option) []analyzers.Step {
	var steps []analyzers.Step
	for _, w := range all(found, "-e --extra-vars") {
		for _, one := range fieldsIn(w.value.Parts, w.value.At) {
			if name, ok := one.isAssignment(); ok {
				steps = append(steps, extravars.Gives(name, one.from(len(name)+1).value, w.value.At))
			}
		}
	}
	return steps
}

// below returns what is called so in the folder that a word names.
func below(folder word, name string) word {
	v := folder.value
	v.Parts = append(slices.Clip(v.Parts), synthetic("/"+name)...)
	return word{value: v}
}

// joined returns what a word names in the folder that another one does.
func joined(folder, name word) word {
	v := folder.value
	v.Parts = append(append(slices.Clip(v.Parts), synthetic("/")...), name.value.Parts...)
	return word{value: v}
}

// above returns the folder of what a word names.
func above(w word) word {
	v := w.value
	v.Parts = slices.Clone(v.Parts)
	for i := len(v.Parts) - 1; i >= 0; i-- {
		p := v.Parts[i]
		if cut := strings.LastIndexByte(p.Text, '/'); p.Hole == nil && cut > 0 {
			v.Parts = append(v.Parts[:i], synthetic(p.Text[:cut])...)
			return word{value: v}
		}
	}
	return word{value: analyzers.Value{At: w.value.At, Parts: synthetic(".")}}
}

// openArguments makes the files read that are arguments of a command: operands and values of options that look like a file's name. A
// name behind @ is a file to many programs, and one behind file:// to that of AWS
// (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html). What a copy goes to is not read.
func (r *reader) openArguments(c command) {
	args := c.args()
	switch tool(c.name()) {
	case "cp", "ln", "mv", "scp", "rsync", "install":
		if len(args) > 0 {
			args = args[:len(args)-1]
		}
	}
	flag := "" // before the argument
	for _, w := range args {
		head := w.head()
		if i := strings.IndexByte(head, '='); i >= 0 && head[0] == '-' {
			w, flag = w.from(i+1), head[:i]
			head = w.head()
		}
		if strings.HasPrefix(head, "@") {
			w = w.from(1)
		}
		for _, scheme := range []string{"file://", "fileb://"} {
			if strings.HasPrefix(head, scheme) {
				w = w.from(len(scheme))
			}
		}
		if looksLikeFile(w) && !isValues(c, flag, w) && !isVariables(c, flag, w) || credentialFiles.has(flag) && w.literal {
			r.opens(w)
		}
		flag = head
	}
}

// credentialFiles are flags whose value is a file of credentials, whatever it is called, in the programs that have them: kubectl and helm,
// gcloud, ansible, rclone, mysql (https://kubernetes.io/docs/reference/kubectl/kubectl/, https://docs.cloud.google.com/sdk/gcloud/reference/auth/activate-service-account,
// https://docs.ansible.com/projects/ansible/latest/cli/ansible-playbook.html, https://rclone.org/docs/#config-string).
const credentialFiles = flags("--kubeconfig --key-file --cred-file --vault-password-file --vault-pass-file --private-key --private-key-file --config " +
	"--defaults-file --defaults-extra-file --identity-file --credentials-file --token-file --password-file --keyfile")

// looksLikeFile reports whether an argument can be the name of a file in the repository.
func looksLikeFile(w word) bool {
	if len(w.value.Parts) == 0 {
		return false
	}
	tail := w.value.Parts[len(w.value.Parts)-1].Text
	base := path.Base(tail)
	return strings.Contains(base, ".") && base != "." && base != ".." && !strings.ContainsAny(w.head()+tail, " \t\n:*?{}()<>,;$\"'`") &&
		!strings.HasPrefix(w.head(), "/") && !strings.HasPrefix(w.head(), "-") && len(tail) < 200
}
