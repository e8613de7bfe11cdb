package program

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// kinds are the types of flags whose own errors speak of Go's functions, in words.
var kinds = map[string]string{"int": "a whole number", "bool": "true or false", "duration": "a time, as in 90m"}

// Misused says in words what is wrong with a flag, and where the flags are listed.
func Misused(cmd *cobra.Command, err error) error {
	var value *pflag.InvalidValueError
	if errors.As(err, &value) {
		flag := value.GetFlag()
		if kind := kinds[flag.Value.Type()]; kind != "" {
			return fmt.Errorf("--%s is %s, not %q", flag.Name, kind, value.GetValue())
		}
		return err
	}
	return fmt.Errorf("%w; %s --help lists the flags", err, cmd.CommandPath())
}
