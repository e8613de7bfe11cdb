package summary

func (b *builder) prune() {}
