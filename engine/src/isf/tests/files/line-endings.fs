/*{ "ISFVSN": "2" }*/
#define A 1.0 // one
#define B(x) \
    (x + \
     A)
void main() { // a comment that goes on \
    gl_FragColor = vec4(0.0);
    gl_FragColor = vec4(B(-0.5), /* in
    between */ 0.25, __LINE__ / 100.0, 1);
}
