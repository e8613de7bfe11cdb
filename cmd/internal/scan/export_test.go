package scan

// DoEverything has the scan do all steps, see [graph.Input].
func (o *Options) DoEverything() { o.everything = true }
