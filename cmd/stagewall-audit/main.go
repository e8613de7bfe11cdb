// Stagewall-audit looks at many repositories, with their histories, every night, and says what is new, gone and still there.
package main

import (
	"os"

	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/command"
)

func main() {
	program := command.Command{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(program.Run(os.Args[1:]))
}
