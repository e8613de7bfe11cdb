package graph

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Files are read again by several workers, each of which asks what matters.
func TestMattersAtOnce(t *testing.T) {
	linker := NewLinker(Input{
		Index: NewIndex(),
		Takes: func(s detectors.Sink) []string {
			if s.Library == "lib77" {
				return []string{"API_KEY"}
			}
			return nil
		},
	})
	var workers sync.WaitGroup
	begin := make(chan struct{})
	for range 8 {
		workers.Go(func() {
			<-begin
			for i := range 20_000 {
				library := fmt.Sprint("lib", i)
				if got, want := linker.Matters(&analyzers.Left{Libraries: []string{library}}), i == 77; got != want {
					t.Errorf("%s: got %v, want %v", library, got, want)
				}
			}
		})
	}
	close(begin)
	workers.Wait()
}
