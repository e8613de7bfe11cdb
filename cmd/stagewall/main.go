// Stagewall says which tokens staging can reach that can touch production, and by which path.
package main

import (
	"os"

	"github.com/stagewall/stagewall/cmd/internal/cli"
	"github.com/stagewall/stagewall/cmd/internal/vet"
)

func main() {
	if vet.IsVet(os.Args[1:]) {
		vet.Main() // go vet -vettool=$(which stagewall)
	}
	command := cli.Command{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(command.Run(os.Args[1:]))
}
