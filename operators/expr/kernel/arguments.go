package kernel

// OnArguments builds a kernel of some of the arguments, or of all in another order.
func OnArguments(build Builder, indexes ...int) Builder {
	return func(s Site, args []Kernel) Kernel {
		kernels := make([]Kernel, len(indexes))
		types := make([]Argument, len(indexes))
		for i, index := range indexes {
			kernels[i], types[i] = args[index], s.Args[index]
		}
		s.Args = types
		return build(s, kernels)
	}
}

// Same is the identity, for functions that change only other types.
func Same(_ Site, args []Kernel) Kernel { return args[0] }
