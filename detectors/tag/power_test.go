package tag

import "testing"

func TestMatchMethod(t *testing.T) {
	for _, test := range []struct {
		pattern, method string
		want            bool
	}{
		{"customers.del", "stripe.customers.del", true},
		{"customers.del", "stripe.customers.delete", false},
		{"customers.del", "stripe.newcustomers.del", false},
		{"delete-bucket", "client.delete_bucket", true},
		{"delete-bucket", "s3client.DeleteBucketCommand", true},
		{"delete-bucket", "s3.DeleteBucketWithContext", true},
		{"delete-bucket", "s3client.DeleteBucketPolicyCommand", false},
		{"flushall", "redis.flushAllAsync", true},
		{"flushall", "flushall", false}, // a function of the file's own
		{"a.b.c", "b.c", false},
	} {
		if got := matchMethod(test.pattern, test.method); got != test.want {
			t.Errorf("%s in %s: %v", test.pattern, test.method, got)
		}
	}
}
