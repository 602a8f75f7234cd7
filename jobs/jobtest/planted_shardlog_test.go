package jobtest

// plantedShardlog are bugs of the shard log.
var plantedShardlog = []plant{
	{
		bug:   "a torn tail taken for whole",
		file:  "connectors/shardlog/commitlog/group.go",
		line:  "return groupSize+h.size <= len(b) && crc32.Checksum(b[groupSize:groupSize+h.size], castagnoli) == h.blocks",
		with:  "return groupSize+h.size <= len(b)",
		means: "records appear behind a crash of which a part was never written",
		by:    finder{"connectors/shardlog/commitlog", "TestRandom"},
	},
	{
		bug:   "damage taken for a torn tail",
		file:  "connectors/shardlog/commitlog/recover.go",
		line:  "case last && !wasDurable(b, at+1, r.log.options.Salt, r.log.next):",
		with:  "case last:",
		means: "a bit that is flipped cuts off all that was acknowledged behind it",
		by:    finder{"connectors/shardlog/commitlog", "TestFlippedBits"},
	},
	{
		bug:   "a torn tail taken for damage",
		file:  "connectors/shardlog/commitlog/group.go",
		line:  "if h, _ := parseHead(b[at:], salt); h.durable > number {",
		with:  "if h, _ := parseHead(b[at:], salt); h.number > number {",
		means: "a power cut is an error that nothing mends",
		by:    finder{"connectors/shardlog/commitlog", "TestRandom"},
	},
	{
		bug:   "go on behind a sync that failed",
		file:  "connectors/shardlog/commitlog/commitlog.go",
		line:  "if err := f.content.Truncate(l.synced.end); err != nil {",
		with:  "if err := f.content.Truncate(l.end); err != nil {",
		means: "records are there twice that were put again because the first time was not acknowledged",
		by:    finder{"connectors/shardlog/commitlog", "TestRandom"},
	},
	{
		bug:   "begin a file that may be gone",
		file:  "connectors/shardlog/commitlog/commitlog.go",
		line:  "func (l *Log) syncNames() error { return l.options.Files.SyncDir(l.options.Dir) }",
		with:  "func (l *Log) syncNames() error { return nil }",
		means: "a power cut takes a file with all that was acknowledged in it",
		by:    finder{"connectors/shardlog/commitlog", "TestRandom"},
	},
	{
		bug:   "blocks of another log",
		file:  "connectors/shardlog/block/block.go",
		line:  "binary.LittleEndian.PutUint32(b[:], uint32(s))",
		with:  "",
		means: "what lies in the data of a record is read in its place where the record is damaged",
		by:    finder{"connectors/shardlog/block", "TestDamage"},
	},
	{
		bug:   "a damaged record hides those behind it",
		file:  "connectors/shardlog/block/scan.go",
		line:  "if f, ok := parseFrame(frames[at:], i.seed); ok && f.index > index && f.index < int(i.Header.Count) {",
		with:  "if f, ok := parseFrame(frames[at:], i.seed); ok && f.index > index+1 && f.index < int(i.Header.Count) {",
		means: "a bit that is flipped costs more than its record",
		by:    finder{"connectors/shardlog/block", "TestFlippedBits"},
	},
	{
		bug:   "the last range without what is left over",
		file:  "connectors/shardlog/hashkey/range.go",
		line:  "all[n-1].Last = Greatest",
		with:  "",
		means: "some partition keys belong to no shard",
		by:    finder{"connectors/shardlog/hashkey", "TestEven"},
	},
}
