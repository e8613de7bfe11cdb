package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// containerTakes are the options of docker run and exec that take a value (https://docs.docker.com/reference/cli/docker/container/run/).
const containerTakes = flags("-e --env --env-file -v --volume --mount -w --workdir -u --user --name -p --publish --network --net --entrypoint " +
	"-h --hostname -l --label --label-file --restart --platform -m --memory --cpus --add-host --dns --gpus --ulimit --cap-add --cap-drop " +
	"--device --tmpfs --volumes-from --link --log-driver --log-opt --pull --shm-size --security-opt --stop-timeout --health-cmd --ip --expose " +
	"--cidfile --group-add --init-path --ipc --isolation --pid --privileged-of --runtime --sysctl --userns -a --attach --network-alias " +
	"-c --cpu-shares --cpuset-cpus --detach-keys --index")

// globalTakes are the options before the sub-command that take a value.
const globalTakes = flags("-H --host --context -c --config -l --log-level --tlscacert --tlscert --tlskey -f --file -p --project-name --profile " +
	"--env-file --project-directory --ansi --parallel --progress -n --namespace --kubeconfig --cluster --user --token --server -s --as")

// containers reads docker and its like, and kubectl exec: the call itself, and what runs in a container, which inherits nothing.
func (r *reader) containers(c command) {
	kubernetes := tool(c.name()) == "kubectl" || tool(c.name()) == "oc"
	_, rest := options(c.args(), globalTakes, false)
	if kubernetes {
		if starts(rest, "get") && !r.lookup(c) {
			r.filterCall(c)
		}
		r.openArguments(c)
	}
	if starts(rest, "container") {
		rest = rest[1:]
	}
	compose := strings.HasSuffix(tool(c.name()), "-compose")
	if starts(rest, "compose") {
		_, rest = options(rest[1:], globalTakes, false)
		compose = true
	}
	if len(rest) == 0 || rest[0].text != "run" && rest[0].text != "exec" && rest[0].text != "create" {
		r.call(c)
		return
	}
	found, operands := options(rest[1:], containerTakes, false)
	switch {
	case kubernetes:
		found, operands = nil, behindDashes(rest)
	case len(operands) > 0:
		program := Entrypoint(operands[0].text)
		operands = operands[1:] // the image, container or service
		if _, replaced := last(found, "--entrypoint"); program != "" && !replaced && rest[0].text != "exec" && !compose {
			operands = append([]word{literalWord(program, c.words[0])}, operands...)
		}
	}
	r.container(c, found, operands, rest[0].text != "exec" && !compose)
}

// entrypoints are the programs that containers of images start, with what stands behind the image for their arguments.
//
//	https://hub.docker.com/r/hashicorp/terraform
//	https://hub.docker.com/r/amazon/aws-cli
//	https://opentofu.org/docs/intro/install/docker/
var entrypoints = map[string]string{
	"hashicorp/terraform": "terraform", "amazon/aws-cli": "aws", "public.ecr.aws/aws-cli/aws-cli": "aws",
	"ghcr.io/opentofu/opentofu": "tofu",
}

// Entrypoint returns the program that containers of an image start, "" if it is not known.
func Entrypoint(reference string) string { return entrypoints[image(reference)] }

// image returns the name of an image without its tag and its digest.
func image(reference string) string {
	name, _, _ := strings.Cut(reference, "@")
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name = name[:i]
	}
	return strings.TrimPrefix(name, "docker.io/")
}

// behindDashes returns the words behind "--".
func behindDashes(words []word) []word {
	if i := slices.IndexFunc(words, func(w word) bool { return w.text == "--" }); i >= 0 {
		return words[i+1:]
	}
	return nil
}

// container reads what runs in a container. What -e gives replaces what an env file does; of files the last one wins. -e NAME hands
// the caller's value on.
func (r *reader) container(c command, found []option, inner []word, mounts bool) {
	inside := command{at: c.at, isolated: true}
	for _, f := range r.listed(all(found, "--env-file")) {
		inside.sets = append(inside.sets, r.loadStep(f, c, true))
	}
	var passed []analyzers.Value
	for _, w := range all(found, "-e --env") {
		if name, ok := w.isAssignment(); ok {
			inside.sets = append(inside.sets, set(name, w.from(len(name)+1).value, c.at))
		} else if isName(w.text) {
			value := hole("", w.text, c.at)
			passed = append(passed, value)
			inside.sets = append(inside.sets, set(w.text, value, c.at))
		}
	}
	r.call(c, passed...)
	folder, works := "/", ""
	if given, ok := last(found, "-w --workdir"); ok {
		works, _ = r.resolve(given.value)
	}
	for _, w := range append(all(found, "-v --volume"), all(found, "--mount")...) {
		if file, place, ok := mounted(w); ok && mounts {
			file = r.below(file)
			text, _ := r.resolve(file)
			switch rest, inside := strings.CutPrefix(path.Clean(works)+"/", path.Clean(place)+"/"); {
			case text != "" && works != "" && place != "" && inside:
				folder = path.Join(text, rest)
			case path.Clean(text) == "." && folder == "/": // where it works, of the checkout, is not said
				folder = r.dir
			}
			r.emit(analyzers.Step{Op: analyzers.OpMount, At: c.at, File: new(file)})
		}
	}
	if entry, ok := last(found, "--entrypoint"); ok {
		inner = append([]word{entry}, inner...)
	}
	steps := r.collect(func() {
		if len(inner) == 0 || !inner[0].literal {
			return
		}
		r.copied(func() {
			if mounts {
				r.dir = folder
			}
			r.command(command{words: inner, at: c.at})
		})
	})
	if len(inside.sets)+len(steps) > 0 {
		r.run(inside, analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: steps})
	}
}

// mounted returns the file or folder of the host that a mount is of, and the place that it has in the container. A name without a slash is a volume.
func mounted(w word) (file analyzers.Value, place string, ok bool) {
	text := shape(w.value.Parts)
	from, to := 0, strings.IndexByte(text, ':')
	if strings.Contains(text, "=") && strings.Contains(text, ",") { // --mount type=bind,source=…
		to = -1
		for _, key := range []string{"source=", "src="} {
			if i := strings.Index(text, key); i >= 0 {
				from = i + len(key)
				to = from + end(text[from:], ",")
			}
		}
		for _, key := range []string{"target=", "destination=", "dst="} {
			if _, behind, found := strings.Cut(text, ","+key); found {
				place, _, _ = strings.Cut(behind, ",")
			}
		}
	} else if to >= 0 {
		place, _, _ = strings.Cut(text[to+1:], ":")
	}
	if to <= from || !strings.ContainsAny(text[from:to], "./\x00") {
		return file, "", false
	}
	return analyzers.Value{At: w.value.At, Parts: slice(w.value.Parts, from, to)}, place, true
}
