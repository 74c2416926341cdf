# Aliases for those whose fingers type make; ./run help says what each does.
.PHONY: run test check bench chaos doctor

run:
	@./run

test check bench chaos doctor:
	@./run $@
