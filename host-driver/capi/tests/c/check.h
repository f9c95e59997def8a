/* What the files of the test program share. */
#ifndef CHECK_H
#define CHECK_H

#include "chaincard.h"

#include <stdio.h>

extern int passed, failed;

void check(int ok, const char *what, int line);

#define CHECK(condition) check((condition) != 0, #condition, __LINE__)
#define CHECK_STATUS(expected, call) check((call) == (expected), #call " is " #expected, __LINE__)

/* Verification and recovery, in signatures.c. */
void signatures(const ChaincardAccelerator *accelerator);

/* Multi-scalar multiplication, in msm.c. */
void msm(void);

#endif
