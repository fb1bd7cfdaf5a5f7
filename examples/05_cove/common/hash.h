/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-384, BearSSL's. */
#ifndef EXAMPLES_COVE_HASH_H
#define EXAMPLES_COVE_HASH_H

#include <stdbool.h>

#include <hvrv/cove/tvm.h>

void hash_sha384(void *context, const struct hvrv_tvm_bytes *pieces, uint32_t count,
                 uint8_t *digest);

/* Whether it hashes an example of the standard's, of two blocks, as it should. */
bool hash_is_right(void);

#endif
