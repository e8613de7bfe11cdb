package scan

// DoEverything has the scan do all steps, see [graph.Input].
func (o *Options) DoEverything() { o.everything = true }

// OnSame has f called if it is known what linking says, since nothing changed.
func (o *Options) OnSame(f func()) { o.onSame = f }
