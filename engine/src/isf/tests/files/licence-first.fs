/* Made by nobody in particular.
   Use it as you like. */
// one more line

/*{
    "ISFVSN": "2", "INPUTS": [] }*/

void main()
{
    gl_FragColor = vec4(isf_FragNormCoord, 0.5 + 0.5 * sin(TIME), 1.0);
}
