/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-384, BearSSL's. */
#include <bearssl_hash.h>
#include <string.h>

#include "hash.h"

#define DIGEST 48

void hash_sha384(void *context, const struct hvrv_tvm_bytes *pieces, uint32_t count,
                 uint8_t *digest)
{
    br_sha384_context sha;

    (void)context;
    br_sha384_init(&sha);
    for (uint32_t i = 0; i < count; i++)
        br_sha384_update(&sha, pieces[i].bytes, pieces[i].size);
    br_sha384_out(&sha, digest);
}

bool hash_is_right(void)
{
    static const char message[] = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                                  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";
    static const uint8_t expected[DIGEST] = {
        0x09, 0x33, 0x0c, 0x33, 0xf7, 0x11, 0x47, 0xe8, 0x3d, 0x19, 0x2f, 0xc7,
        0x82, 0xcd, 0x1b, 0x47, 0x53, 0x11, 0x1b, 0x17, 0x3b, 0x3b, 0x05, 0xd2,
        0x2f, 0xa0, 0x80, 0x86, 0xe3, 0xb0, 0xf7, 0x12, 0xfc, 0xc7, 0xc7, 0x1a,
        0x55, 0x7e, 0x2d, 0xb9, 0x66, 0xc3, 0xe9, 0xfa, 0x91, 0x74, 0x60, 0x39};
    const struct hvrv_tvm_bytes pieces[] = {{message, 50}, {message + 50, sizeof(message) - 51}};
    uint8_t digest[DIGEST];

    hash_sha384(NULL, pieces, 2, digest);
    return memcmp(digest, expected, DIGEST) == 0;
}
