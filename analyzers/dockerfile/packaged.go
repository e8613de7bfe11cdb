package dockerfile

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/interpolate"
)

// A build tool puts files of the program's folder into what it makes, and an image that has this has them. Where tools make it is a convention,
// or an argument.

// outputs are the paths at which tools make programs by their conventions: below the folder of the module, or of the project.
//
//	https://maven.apache.org/guides/introduction/introduction-to-the-standard-directory-layout.html
//	https://docs.gradle.org/current/userguide/building_java_projects.html
//	https://learn.microsoft.com/dotnet/core/tools/dotnet-publish#description
//	https://nextjs.org/docs/app/api-reference/config/next-config-js/output
var outputs = lazyregexp.New(`^(.*?)/?(?:(target/(?:classes|dependency|quarkus-app|[^/]+\.[jw]ar)|build/(?:libs|install|quarkus-app|resources))|(bin/(?:Release|Debug))|\.next/standalone)(?:/.*)?$`)

// packaged returns which files of the folder lie in what tools make at a path: a folder, or with a star files.
func packaged(made string) []string {
	m := outputs.FindStringSubmatch(made)
	switch {
	case m == nil:
		return nil
	case m[2] != "":
		return []string{path.Join(m[1], "src/main/resources")}
	case m[3] != "":
		return []string{publication(m[1])}
	}
	return []string{path.Join(m[1], ".env"), path.Join(m[1], ".env.production")} // https://github.com/vercel/next.js/pull/34143
}

// publication returns the settings of a project of .NET, which the tools publish with it.
// https://learn.microsoft.com/aspnet/core/host-and-deploy/directory-structure
func publication(folder string) string { return path.Join(folder, "appsettings*.json") }

// opPublish says that a build step makes a publication of .NET, Name, of the project in a folder of the image, Key.
const opPublish analyzers.Op = "publish"

// publish notes the publications of .NET that a build step makes: dotnet publish [PROJECT] -o FOLDER.
func (s *stage) publish(in instruction, args interpolate.Text) {
	if !strings.Contains(args.String, "dotnet") {
		return
	}
	for command := range strings.FieldsFuncSeq(args.String, func(r rune) bool { return strings.ContainsRune("&;|\n", r) }) {
		fields := strings.Fields(command)
		at := slices.Index(fields, "dotnet")
		if at < 0 || at+1 >= len(fields) || fields[at+1] != "publish" && fields[at+1] != "build" {
			continue
		}
		project, to := "", ""
		for i := at + 2; i < len(fields); i++ {
			word := strings.Trim(fields[i], `"'`)
			name, value, given := strings.Cut(word, "=")
			if !given && i+1 < len(fields) {
				value = strings.Trim(fields[i+1], `"'`)
			}
			switch {
			case name == "-o", name == "--output":
				to = value
			case project == "" && strings.HasSuffix(word, "proj"):
				project = path.Dir(word)
			}
			if !given && strings.HasPrefix(word, "-") && !strings.HasPrefix(value, "-") && !strings.HasPrefix(word, "--no-") {
				i++
			}
		}
		if to, known := s.text(s.syntax().Pieces(interpolate.Plain(to, 0))); known && to != "" {
			s.emit(in, analyzers.Step{Op: opPublish, Name: s.absolute(to), Key: s.absolute(project)})
		}
	}
}

// takePackaged brings in what lies in the program that is taken of another stage.
func (s *stage) takePackaged(in instruction, other *stage, source, to string) {
	found := packaged(source)
	for _, step := range other.steps {
		if step.Op == opPublish && (below(step.Name, source) || below(source, step.Name)) {
			found = append(found, publication(step.Key))
		}
	}
	for _, p := range found {
		p = path.Join("/", p)
		for _, step := range other.steps {
			if step.Op != analyzers.OpMount || step.Name == "" {
				continue
			}
			within := strings.TrimSuffix(step.Name, "/")
			file := step.Files()
			switch {
			case strings.HasPrefix(p, within+"/"):
				file.Parts = append(slices.Clone(file.Parts), analyzers.Part{Text: strings.TrimPrefix(p, within)})
			case below(within, p): // no more of the folder was copied
			default:
				continue
			}
			s.emit(in, analyzers.Step{
				Op: analyzers.OpMount, At: s.reader.at(in.span), Name: to, File: &file, Optional: true, Copied: true, Says: "built into the program that the image has",
			})
		}
	}
}
