package tag

import (
	"encoding/json"
	"io"
	"testing"
)

func encode(t *testing.T, w io.Writer, v any) {
	t.Helper()
	if err := json.NewEncoder(w).Encode(v); err != nil {
		t.Fatal(err)
	}
}
