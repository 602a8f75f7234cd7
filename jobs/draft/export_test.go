package draft

// VerifyBytes is how much of a file is read to verify a draft.
var VerifyBytes = &verifyBytes
